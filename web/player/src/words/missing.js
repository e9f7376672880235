// Words for what a record lacks, and for files that cannot be read at all.

export default {
  "missing.close": ["Close", "关闭"],
  "missing.details": ["Details", "详细信息"],
  "missing.unfinished": [
    "This record was not closed by what wrote it: it ends where it was cut off.",
    "该记录未正常结束：内容止于中断处。",
  ],
  "missing.source": ["This record does not say whether it is simulated or real.", "该记录未说明是仿真还是真实数据。"],
  "missing.everything": ["This record holds nothing: no poses, no signals, no events.", "该记录没有任何内容：无位姿、无信号、无事件。"],
  "missing.map": [
    "No map says what this log's signals move, so there is no picture in 3D: signals, plots and events only. " +
      "To see it move, write a map (docs/import.md says how) and open the log with --map.",
    "没有映射文件说明该日志的信号驱动哪些部件，因此没有三维画面，只有信号、曲线和事件。" +
      "如需显示运动，请编写映射文件（见 docs/import.md），并用 --map 打开该日志。",
  ],
  "missing.poses": ["This record holds no poses: there is no picture to move.", "该记录没有位姿数据，无法显示运动画面。"],
  "missing.models": ["This record holds no models: frames cannot be drawn.", "该记录没有模型，无法绘制部件。"],
  "missing.signals": ["This record holds no values of signals.", "该记录没有信号数据。"],
  "missing.events": ["This record holds no events.", "该记录没有事件。"],
  "missing.duration": ["This record holds a single instant.", "该记录只有一个时刻。"],
  "missing.damage": ["Parts of this record cannot be read.", "该记录有部分内容无法读取。"],
  "unreadable.empty_file": ["This file is empty.", "该文件为空。"],
  "unreadable.other_file": ["This file is no record: it is not in MCAP format.", "该文件不是记录：不是 MCAP 格式。"],
  "unreadable.other_profile": [
    "This MCAP file was written by another program; it is no SwapTwin record.",
    "该 MCAP 文件由其他程序写入，不是 SwapTwin 记录。",
  ],
  "unreadable.other_version": [
    "This record is of a version that this program does not know. Use the program that wrote it, or a newer one.",
    "该记录的版本无法识别。请使用写入该记录的程序或更新的版本。",
  ],
  "unreadable.cut_early": [
    "This file was cut off before its table of signals: nothing in it can be read.",
    "该文件在信号表之前被截断，无法读取任何内容。",
  ],
};
