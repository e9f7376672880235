// Every word on the page, in both languages. Words of a record (signals, alarms) come with the record.

const WORDS = {
  "badge.live": ["LIVE SIMULATION", "实时仿真"],
  "badge.simulated": ["SIMULATED RECORD", "仿真记录"],
  "badge.real": ["REAL LOG", "真实日志"],
  "badge.estimated": ["estimated geometry", "几何为估算"],
  "badge.estimated.title": [
    "Dimensions are engineering estimates, not a maker's drawing.",
    "尺寸为工程估算值，并非厂家图纸。",
  ],
  "action.play": ["Play", "播放"],
  "action.pause": ["Pause", "暂停"],
  "action.back": ["Step back", "后退一步"],
  "action.forward": ["Step forward", "前进一步"],
  "action.previous": ["Previous event", "上一事件"],
  "action.next": ["Next event", "下一事件"],
  "action.speed": ["Playing speed", "播放速度"],
  "action.live": ["Live", "实时"],
  "action.live.title": ["Follow the running simulation", "跟随正在运行的仿真"],
  "action.pace": ["Simulation speed", "仿真速度"],
  "action.pace.free": ["as fast as it can", "最快"],
  "action.language": ["中文", "English"],
  "action.language.title": ["切换到中文", "Switch to English"],
  "action.theme": ["Light or dark", "浅色或深色"],
  "action.log": ["Record", "记录"],
  "action.timeline": ["Timeline", "时间轴"],
  "view.overview": ["Overview", "全景"],
  "view.underbody": ["Underbody", "车底"],
  "view.robot": ["Robot", "机器人"],
  "view.rack": ["Rack", "电池架"],
  "lane.phases": ["Phases", "阶段"],
  "lane.states": ["State", "状态"],
  "lane.alarms": ["Alarms", "报警"],
  "lane.marks": ["Events", "事件"],
  "status.phase": ["Phase", "阶段"],
  "status.state": ["State", "状态"],
  "status.mode": ["Mode", "模式"],
  "status.none": ["–", "–"],
  "message.loading": ["Loading the record…", "正在加载记录…"],
  "message.scene": ["Loading the station…", "正在加载换电站…"],
  "message.waiting": ["The simulation is starting…", "仿真正在启动…"],
  "message.ended": ["The simulation ended without a record.", "仿真已结束，没有记录。"],
  "message.no_logs": ["There is no record to show.", "没有可显示的记录。"],
  "message.no_poses": ["This record holds no poses: there is no picture to move.", "该记录没有位姿数据，无法显示运动画面。"],
  "message.no_models": ["This record holds no models: frames cannot be drawn.", "该记录没有模型，无法绘制部件。"],
  "message.damage": ["Part of this record cannot be read:", "该记录有部分内容无法读取："],
  "message.failed": ["That did not work:", "操作未成功："],
  "message.no_webgl": [
    "This browser cannot draw 3D (WebGL 2 is missing or switched off). Switch on hardware acceleration in its settings, or use a current Chrome, Edge or Firefox.",
    "此浏览器无法显示三维画面（缺少或已禁用 WebGL 2）。请在设置中开启硬件加速，或使用新版 Chrome、Edge 或 Firefox。",
  ],
};

// Names of phases, states and modes as the records spell them.
const NAMES = {
  park: ["Park", "停车"],
  authorise: ["Authorise", "授权"],
  secure: ["Secure", "固定车辆"],
  measure: ["Measure", "测量"],
  approach: ["Approach", "靠近"],
  take: ["Take", "托住旧电池"],
  unlock: ["Unlock", "解锁"],
  lower: ["Lower", "下降"],
  deliver: ["Deliver", "送出旧电池"],
  fetch: ["Fetch", "取新电池"],
  return: ["Return", "返回车底"],
  raise: ["Raise", "举升"],
  seat: ["Seat", "落座"],
  lock: ["Lock", "锁止"],
  clear: ["Clear", "撤离"],
  verify: ["Verify", "校验"],
  release: ["Release", "放行"],
  leave: ["Leave", "离站"],
  Stopped: ["Stopped", "已停止"],
  Resetting: ["Resetting", "复位中"],
  Idle: ["Idle", "空闲"],
  Starting: ["Starting", "启动中"],
  Execute: ["Execute", "运行"],
  Completing: ["Completing", "收尾中"],
  Complete: ["Complete", "完成"],
  Aborting: ["Aborting", "中止中"],
  Aborted: ["Aborted", "已中止"],
  Stopping: ["Stopping", "停止中"],
  Clearing: ["Clearing", "清除中"],
  Suspending: ["Suspending", "挂起中"],
  Suspended: ["Suspended", "已挂起"],
  Unsuspending: ["Unsuspending", "解除挂起中"],
  Holding: ["Holding", "保持中"],
  Held: ["Held", "已保持"],
  Unholding: ["Unholding", "解除保持中"],
  automatic: ["Automatic", "自动"],
  semi_automatic: ["Semi-automatic", "半自动"],
  manual: ["Manual", "手动"],
  maintenance: ["Maintenance", "维护"],
};

export const LANGUAGES = ["en", "zh"];

const pick = (pair, language) => pair[Math.max(LANGUAGES.indexOf(language), 0)];

/** A word of the page. An unknown key is a mistake of this program. */
export function text(key, language) {
  if (!WORDS[key]) throw new Error(`no text for ${key}`);
  return pick(WORDS[key], language);
}

/** A phase, state or mode as a record names it; one that nobody translated is shown as it is. */
export function nameText(name, language) {
  return NAMES[name] ? pick(NAMES[name], language) : name;
}

/** What a signal (or an alarm's tag) is, in words of the record; its name when the record has none. */
export function signalText(signal, name, language) {
  return signal?.text?.[language] ?? signal?.text?.en ?? name;
}

/** Seconds since the start as m:ss.s, or h:mm:ss.s. */
export function timeText(ns) {
  const tenths = Math.floor(Math.max(ns, 0) / 1e8);
  const s = (tenths % 600) / 10;
  const minutes = Math.floor(tenths / 600);
  const seconds = s.toFixed(1).padStart(4, "0");
  if (minutes < 60) return `${minutes}:${seconds}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${seconds}`;
}

export { WORDS, NAMES };
