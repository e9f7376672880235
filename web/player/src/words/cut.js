// Words of the panel that makes a lesson of a stretch of a log.

export default {
  "panel.cut": ["Make a lesson", "生成课程"],
  "cut.said": [
    "The station begins as it stood at the start of the stretch; what happened to it then happens again, what people did is left to the trainee.",
    "课程从该段开始时的站状态开始；其间设备发生的情况会再现，人员操作由学员完成。",
  ],
  "cut.mark": ["Mark a stretch first: B at its start, B at its end.", "请先标记一段：在起点和终点各按一次 B。"],
  "cut.stretch": ["Stretch", "时段"],
  "cut.fault": ["What is wrong", "异常"],
  "cut.target": ["Where", "位置"],
  "cut.make": ["Make the lesson", "生成课程"],
  "cut.working": ["Simulating: with nobody, with who does it right, with who does not…", "正在仿真：无人操作、正确操作、错误操作…"],
  "cut.failed": ["No lesson could be made.", "无法生成课程。"],
  "cut.nearest": ["A pack is under way then. A lesson may begin when every pack rests or is locked:", "该时刻有电池包在移动。课程可从所有电池包静止或锁止的时刻开始："],
  "cut.begin": ["Begin at", "起始于"],
  "cut.never": ["No pack rests at any time in this log.", "本日志中没有所有电池包静止的时刻。"],
  "cut.written": ["Written:", "已写入："],
  "cut.open": ["Its author must still write:", "仍须由作者编写："],
  "cut.download": ["Download", "下载"],
  "cut.check": ["Read it, then", "请阅读，然后运行"],
};
