// Words of times, typed and shown.

export default {
  "time.field": ["Time: type one and press Enter", "时间：输入后按回车"],
  "time.basis": ["Time since start or wall clock", "相对时间或时钟时间"],
  "time.elapsed": ["since start", "相对时间"],
  "time.wall": ["wall clock", "时钟时间"],
  "time.wall.simulated": ["start of the run plus simulated time", "运行开始时刻加仿真时间"],
  "time.wall.real": ["the log's own clock", "日志自身的时钟"],
  "time.wall.missing": ["This record does not say when it was made.", "该记录未注明生成时刻。"],
  "time.error.not_a_time": [
    "Not a time. Try 133.5, 2:10.9, 02:13:40 or 2026-01-31 05:36:10.",
    "无法识别该时间。示例：133.5、2:10.9、02:13:40、2026-01-31 05:36:10。",
  ],
  "time.error.outside": ["This record does not reach there. It covers", "超出该记录范围。记录范围："],
  "loop.set_a": ["Loop: mark its start (A)", "循环：设起点（A）"],
  "loop.set_b": ["Loop: mark its end (B)", "循环：设终点（B）"],
  "loop.clear": ["Loop: end it", "循环：取消"],
};
