// Titles of the panels, and words of the dock that holds them.

export default {
  "panels.bar": ["Panels", "面板"],
  "panels.close": ["Close panel", "关闭面板"],
  "panels.reset": ["Reset layout", "重置布局"],
  "panel.parts": ["Parts", "部件"],
  "panel.signals": ["Signals", "信号"],
  "panel.plots": ["Plots", "曲线"],
  "panel.inspector": ["Inspector", "详情"],
  "panel.alarms": ["Events", "事件表"],
  "panel.about": ["About", "关于"],
  "panel.search": ["Search", "搜索"],
  "panel.why": ["Why did it stop?", "为什么停了？"],
  "panel.validation": ["Validation", "验证"],
  "panel.compare": ["Compare", "对比"],
  "panel.notes": ["Notes", "笔记"],
  "panel.lesson": ["Lesson", "课程"],
  "panel.operator": ["Operator", "操作台"],
};
