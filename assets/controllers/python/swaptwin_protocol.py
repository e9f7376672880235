"""SwapTwin's line protocol, version 1, for a controller in Python, without anything of the twin's."""

import keyword
import os

_READ = {"bool": lambda text: float(text) != 0.0, "int": lambda text: int(float(text)), "real": float}
_READ["enum"] = _READ["int"]


def serve(scan, own=(), begin=None):
    """Speak with the twin until it has no more questions.

    Args:
        scan: called as ``scan(t_ns, inputs, outputs)``, once a scan.
        own: signals beyond the station's I/O list, as (name, type, alarm class or ""); the output image has them too.
        begin: called once as ``begin(scan_ns, settings)`` with the settings' dotted paths and their JSON texts.
    """
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # what is printed goes to standard error: standard output belongs to the protocol
    lines = (line.rstrip("\n") for line in os.fdopen(0, "r", encoding="utf-8", newline="\n", closefd=False))

    def say(text):
        pipe.write(text + "\n")
        pipe.flush()

    if next(lines, "") != "swaptwin 1":
        say("fail expected swaptwin 1")
        return
    images = {"input": _IMAGES[0](), "output": _IMAGES[1]()}
    slots, settings, scan_ns = {"input": [], "output": []}, {}, 0
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "begin":
            break
        if word == "scan_ns":
            scan_ns = int(rest)
        elif word == "setting":
            path, _, text = rest.partition(" ")
            settings[path] = text
        elif word in slots:
            name, kind, safe = rest.split(" ")[:3]
            slots[word].append(_slot(images[word], name, kind, safe))
    say("swaptwin 1")
    for name, kind, alarm_class in own:
        say(f"signal {name} {kind} 0")
        if alarm_class:
            say(f"alarm_class {name} {alarm_class}")
        slots["output"].append(_slot(images["output"], name, kind, "0"))
    if begin is not None:
        begin(scan_ns, settings)
    say("ready")
    told = []
    for line in lines:
        word, *words = line.split()
        if word == "end":
            break
        if word == "outputs":
            _take(slots["output"], words)
            told = [getattr(node, field) for node, field, _ in slots["output"]]
        elif word == "scan":
            _take(slots["input"], words[1:])
            try:
                scan(int(words[0]), images["input"], images["output"])
            except Exception as error:
                say(f"fail raised {type(error).__name__}: {error}")
                raise
            now = [getattr(node, field) for node, field, _ in slots["output"]]
            pairs = [f"{n} {+value!r}" for n, value in enumerate(now) if repr(value) != repr(told[n])]
            told = now
            say(" ".join(["done", words[0], *pairs]))
        else:
            say(f"fail does not know the word {word}")


class _Node:
    """An area or a device that no stub declares."""


#: What the images are made of: nothing declared here; a stub puts its classes in.
_IMAGES = (_Node, _Node)


def _slot(image, name, kind, safe):
    """Where a signal stands in an image: its node, its field, and how its value is read."""
    *path, field = name.split(".")
    node = image
    for word in [f"{word}_" if keyword.iskeyword(word) else word for word in path]:
        inner = getattr(node, word, None)
        # The stub declares classes; each image has objects of its own.
        if inner is None or isinstance(inner, type):
            inner = (inner or _Node)()
            setattr(node, word, inner)
        node = inner
    setattr(node, field, _READ[kind](safe))
    return node, field, _READ[kind]


def _take(slots, words):
    """Write pairs of number and value into an image."""
    for number, text in zip(words[::2], words[1::2], strict=True):
        node, field, read = slots[int(number)]
        setattr(node, field, read(text))
