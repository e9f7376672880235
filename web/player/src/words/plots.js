// Words of the plots panel.

export default {
  "plots.empty": ["Nothing is plotted yet.", "尚未选择曲线。"],
  "plots.empty.hint": ["Choose signals with the curve button in Signals, or begin with these:", "在“信号”面板中点击曲线按钮选择信号，或从这里开始："],
  "plots.start.positions": ["Positions of the axes", "各轴位置"],
  "plots.start.states": ["Phase, state and mode", "阶段、状态与模式"],
  "plots.start.truth": ["Measured and true", "测量值与真值"],
  "plots.time": ["Plots over time; a click goes there", "随时间变化的曲线；点击可跳转"],
  "plots.in": ["Less time", "放大时间"],
  "plots.out": ["More time", "缩小时间"],
  "plots.fit": ["All of it", "显示全部"],
  "plots.clear": ["Remove all plots", "移除所有曲线"],
  "plots.up": ["Further up", "上移"],
  "plots.remove": ["Remove", "移除"],
  "plots.no_unit": ["no unit", "无单位"],
};
