// Words of the panel that shows what a validation found in this stretch.

export default {
  "validation.violation": ["Rule broken", "违反规则"],
  "validation.verdict": ["Controller failed", "控制器故障"],
  "validation.worse": ["Worse outcome", "结果变差"],
  "validation.difference": ["Different", "不同"],
  "validation.program": ["Changed controller", "修改后的控制器"],
  "validation.baseline": ["Compared with", "对比基准"],
  "validation.open": [
    "The picture is the log as recorded: the changed controller was asked what it would have commanded, it moved nothing.",
    "画面为日志的记录：仅询问修改后的控制器会发出什么指令，它没有驱动任何设备。",
  ],
  "validation.closed": ["The picture is the simulated run with the changed controller.", "画面为使用修改后控制器的仿真运行。"],
  "validation.values": ["Values", "数值"],
  "validation.reasons": ["What the rule looks at", "规则所依据的条件"],
  "validation.true": ["true", "真"],
  "validation.false": ["false", "假"],
  "validation.unknown": ["not known", "未知"],
};
