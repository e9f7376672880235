// Words of a page that holds its own data: what it was cut from, and what is not in it.

export default {
  "page.save": ["Save this stretch as a page", "将此片段另存为网页"],
  "page.saving": ["The page is being made…", "正在生成网页…"],
  "about.chip": ["Part", "片段"],
  "about.open": ["Where this page comes from", "本页的来源"],
  "about.what": [
    "A stretch of a log, kept in this file with everything needed to show it. Nothing is fetched from, or sent to, anywhere.",
    "日志中的一段，连同显示所需的全部内容都保存在本文件中，不从任何地方读取，也不发送任何数据。",
  ],
  "about.log": ["Log", "日志"],
  "about.digest": ["SHA-256 of the log", "日志的 SHA-256"],
  "about.digest.none": ["none: the log was not finished when this page was made", "无：生成本页时日志尚未结束"],
  "about.stretch": ["Stretch", "片段"],
  "about.of": ["of", "，全长"],
  "about.station": ["Station", "换电站"],
  "about.geometry": ["Geometry", "几何"],
  "about.geometry.unsaid": ["The log does not say how exact it is.", "日志未说明其准确程度。"],
  "about.geometry.none": ["none: signals and events only", "无：仅有信号和事件"],
  "about.signals": ["Signals", "信号"],
  "about.signals.all": ["all that are not private, every sample", "全部非隐私信号，保留每个采样"],
  "about.signals.some": ["chosen ones, every sample", "所选信号，保留每个采样"],
  "about.private": ["Left out", "未包含"],
  "about.private.some": [
    "Private signals ({n}) and the events that name them; “private-1” and so on stand for their words. Other texts of the log are as it wrote them.",
    "隐私信号（{n} 个）及提及它们的事件；其内容以“private-1”等代替。日志的其他文字保持原样。",
  ],
  "about.private.none": ["Nothing: the log calls no signal private.", "无：日志未将任何信号标为隐私。"],
  "about.poses": ["Poses", "位姿"],
  "about.poses.text": [
    "at most one every {ms} ms; positions to 0.01 mm, rotations to 0.06 mm at 2 m",
    "间隔不小于 {ms} 毫秒；位置精确到 0.01 毫米，转角在 2 米处精确到 0.06 毫米",
  ],
  "about.version": ["Made with", "生成程序"],
  "about.licences": ["Licences of what this page is built from", "本页所用软件的许可证"],
};
