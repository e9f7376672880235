// Words of the events panel.

export default {
  "alarms.search": ["Find events", "查找事件"],
  "alarms.none": ["No event fits.", "没有符合的事件。"],
  "alarms.empty": ["This record holds no events.", "该记录没有事件。"],
  "alarms.standing": ["goes on", "持续中"],
  "alarms.ended": ["ended", "已解除"],
  "alarms.and_more": [" (and later ones)", "（以及之后的）"],
  "alarms.findings": ["Findings about the data", "数据问题"],
  "alarms.go": ["Go to this event", "跳转到该事件"],
  "alarms.kind.alarm": ["Alarms", "报警"],
  "alarms.kind.phase": ["Phases", "阶段"],
  "alarms.kind.state": ["States", "状态"],
  "alarms.kind.mode": ["Modes", "模式"],
  "alarms.kind.fault": ["Faults", "故障"],
  "alarms.kind.operator": ["Operator", "操作员"],
  "alarms.kind.event": ["Happenings", "外部事件"],
  "alarms.kind.step": ["Steps", "步骤"],
  "alarms.kind.data": ["Data", "数据"],
  "alarms.kind.verdict": ["Verdict", "结论"],
  "alarms.kind.other": ["Others", "其他"],
};
