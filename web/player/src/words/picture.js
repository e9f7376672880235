// Words about the picture: its labels and what its colours mean.

export default {
  "view.crane": ["Crane", "堆垛机"],
  "view.follow_shuttle": ["Follow shuttle", "跟随穿梭车"],
  "view.follow_crane": ["Follow crane", "跟随堆垛机"],
  "view.follow_pack": ["Follow pack", "跟随电池包"],
  "legend.title": ["What the colours mean", "颜色说明"],
  "legend.charge": ["State of charge", "荷电状态"],
  "legend.truth": ["true value of the simulation", "仿真真实值"],
  "legend.measured": ["as the charger measures it", "充电机测量值"],
  "legend.unknown": ["not known", "未知"],
  "legend.labels": ["Labels", "标签"],
};
