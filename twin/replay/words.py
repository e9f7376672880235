"""What is said of a difference, in both languages."""

from __future__ import annotations

from twin.replay.difference import Difference, Text

#: How an edge or a step differs: before and after by how much.
_EDGES = {
    "edge early": ("{name} {detail} {by} early", "{name} {detail}提前 {by}"),
    "edge late": ("{name} {detail} {by} late", "{name} {detail}延迟 {by}"),
    "step early": ("{name} {detail} {by} early", "{name} 进入 {detail} 提前 {by}"),
    "step late": ("{name} {detail} {by} late", "{name} 进入 {detail} 延迟 {by}"),
}
_DIRECTION = {"rises": "上升", "falls": "下降"}


def described(one: Difference, name: str, value: str, expected: str, path: str = "", instead: str = "") -> Text:
    """What is said of a difference.

    Args:
        name: of the signal. value, expected: as text. path, instead: the steps it goes through, and those it should.
    """
    by_en, by_zh = _by(one)
    detail_zh = _DIRECTION.get(one.detail, one.detail)
    if one.kind in _EDGES:
        en, zh = _EDGES[one.kind]
        detail_en = f"enters {one.detail}" if one.kind.startswith("step") else one.detail
        en, zh = en.format(name=name, detail=detail_en, by=by_en), zh.format(name=name, detail=detail_zh, by=by_zh)
    elif one.kind == "edge missing":
        lasting = (f" for {by_en}", f" {by_zh}") if by_en else ("", "")
        en = f"{name} stays {value} where it should be {expected}{lasting[0]}"
        zh = f"{name} 保持 {value}，应为 {expected}{lasting[1]}"
    elif one.kind == "edge extra":
        lasting = (f" for {by_en}", f" {by_zh}") if by_en else (" and stays so", "，并保持")
        en = f"{name} becomes {value}{lasting[0]} where it should stay {expected}"
        zh = f"{name} 变为 {value}{lasting[1]}，应保持 {expected}"
    elif one.kind == "chatter":
        en, zh = f"{name} chatters: {one.count} edges within {by_en}", f"{name} 抖动：{by_zh} 内 {one.count} 个边沿"
    elif one.kind == "step missing" and not path and one.detail:
        en, zh = (
            f"{name} stays in {value} and does not enter {one.detail}",
            f"{name} 停留在 {value}，未进入 {one.detail}",
        )
    elif one.kind.startswith("step") and not path:
        # A coarse log does not tell the whole way.
        en, zh = f"{name} is in {value} where the log has {expected}", f"{name} 处于 {value}，日志为 {expected}"
    elif one.kind == "step missing":
        en, zh = f"{name} goes {path} without {one.detail}", f"{name} 经 {path}，缺少 {one.detail}"
    elif one.kind == "step extra":
        en, zh = f"{name} goes {path}, {one.detail} is not expected", f"{name} 经 {path}，{one.detail} 为多余步"
    elif one.kind == "step order":
        en, zh = f"{name} goes {path} instead of {instead}", f"{name} 经 {path}，应为 {instead}"
    else:
        en, zh = f"{name} is {value} instead of {expected}", f"{name} 为 {value}，应为 {expected}"
    return {"en": en, "zh": zh}


def _by(one: Difference) -> tuple[str, str]:
    """By how much: in scans and in time; by time alone where the log has no scans."""
    if one.by_ns is None:
        return "", ""
    time = f"{one.by_ns / 1e9:.3g} s" if one.by_ns >= 1_000_000_000 else f"{one.by_ns / 1e6:.4g} ms"
    if one.by_scans is None:
        return f"at least {time}", f"至少 {time}"
    return f"{one.by_scans} scan{'s' if one.by_scans != 1 else ''}, {time}", f"{one.by_scans} 个周期（{time}）"


def with_followers(text: Text, follow: int) -> Text:
    """The same, with how many others follow."""
    if not follow:
        return text
    return {
        "en": f"{text['en']}; {follow} other difference{'s' if follow != 1 else ''} follow{'s' if follow == 1 else ''}",
        "zh": f"{text['zh']}；由此引起另外 {follow} 处差异",
    }
