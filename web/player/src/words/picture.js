// Words about the picture: its labels and what its colours mean.

export default {
  "view.crane": ["Crane", "堆垛机"],
  "view.follow_shuttle": ["Follow shuttle", "跟随穿梭车"],
  "view.follow_crane": ["Follow crane", "跟随堆垛机"],
  "view.follow_pack": ["Follow pack", "跟随电池包"],
  "legend.title": ["What the colours mean", "颜色说明"],
  "legend.known": ["Where it is", "位置"],
  "known.measured": ["measured", "测得"],
  "known.inferred": ["inferred", "推断"],
  "known.unknown": ["unknown", "未知"],
  "known.measured.means": ["The log says where it is.", "日志记录了其位置。"],
  "known.inferred.means": [
    "The log does not say it at this instant: it is shown where it was last seen, or where it must be by what else the log says.",
    "日志此刻没有记录其位置：按最后一次记录的位置，或按日志的其他内容推断显示。",
  ],
  "known.unknown.means": [
    "The log does not say where it is: it is shown somewhere it could be.",
    "日志没有记录其位置：显示的只是一个可能的位置。",
  ],
  "legend.charge": ["State of charge", "荷电状态"],
  "legend.truth": ["true value of the simulation", "仿真真实值"],
  "legend.measured": ["as the charger measures it", "充电机测量值"],
  "legend.unknown": ["not known", "未知"],
  "legend.labels": ["Labels", "标签"],
};
