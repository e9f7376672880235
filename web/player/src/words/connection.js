// Words about the server: lost, found again, started anew.

export default {
  "connection.lost": ["The connection to the server is lost. Trying again…", "与服务器的连接已断开，正在重试…"],
  "connection.lost.hint": [
    "What is loaded can still be looked at; it goes on here as soon as the server answers.",
    "已加载的内容仍可查看；服务器恢复后将从此处继续。",
  ],
  "connection.refused": ["The server was started anew and no longer knows this page.", "服务器已重新启动，不再认识此页面。"],
  "connection.refused.hint": [
    "Open the address that the swaptwin command has printed now, in this tab: it goes on where it was. With an access code, type it again.",
    "请在此标签页中打开 swaptwin 命令新显示的地址，即可从原处继续；若使用访问码，请重新输入。",
  ],
};
