// The tour of one minute.

export default {
  "tour.next": ["Next", "下一步"],
  "tour.previous": ["Back", "上一步"],
  "tour.done": ["Done", "完成"],
  "tour.close": ["End the tour", "结束导览"],
  "tour.welcome": ["A battery swap station", "换电站"],
  "tour.welcome.text": [
    "This page shows what a station did, or does right now. One minute for a look around; Esc ends the tour.",
    "本页面显示换电站的历史或实时运行情况。用一分钟了解一下；可随时关闭导览。",
  ],
  "tour.badge": ["What you are looking at", "当前内容"],
  "tour.badge.text": [
    "A running simulation, the record of one, or the log of a real station: it always stands here.",
    "实时仿真、仿真记录或真实日志：始终在此标明。",
  ],
  "tour.picture": ["The picture", "三维画面"],
  "tour.picture.text": [
    "Drag to turn, right button or two fingers to move, wheel or pinch to zoom. Click a part to see what it is; double-click to look at it.",
    "拖动旋转，右键或双指平移，滚轮或捏合缩放。点击部件查看名称，双击聚焦。",
  ],
  "tour.tools": ["Cameras and tools", "视角与工具"],
  "tour.tools.text": [
    "Views to start from, following the robot, measuring, a section, and saving the picture.",
    "常用视角、跟随机器人、测量、剖切和保存画面。",
  ],
  "tour.bar": ["Panels", "面板"],
  "tour.bar.text": [
    "Parts, signals, plots, events: open what you need. Drag their tabs to dock them elsewhere; the layout is remembered.",
    "部件、信号、曲线、事件：按需打开。拖动标签可停靠到其他位置，布局会被记住。",
  ],
  "tour.timeline": ["The timeline", "时间轴"],
  "tour.timeline.text": [
    "Phases, states and alarms. Press anywhere to go there, turn the wheel to zoom; the strip below is the whole record.",
    "阶段、状态和报警。点击即可跳转，滚轮缩放；下方细条为完整记录。",
  ],
  "tour.transport": ["Play", "播放"],
  "tour.transport.text": [
    "Play, step, jump to the next event, loop a stretch. Click the time to type one, such as 2:10.9.",
    "播放、单步、跳到下一事件、循环播放一段。点击时间可直接输入，例如 2:10.9。",
  ],
  "tour.help": ["Help", "帮助"],
  "tour.help.text": ["Everything has a key: press ? to see them all. The tour is here too.", "所有操作都有快捷键：按 ? 查看。导览也可在此重新打开。"],
};
