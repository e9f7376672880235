"""Samples whose names and texts are no longer than a person can read: a hostile cell takes no memory to speak of."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from twin.source.sample import Damage, Samples

#: Bytes of a text or a tag's name; longer ones are cut to as many characters.
LONGEST = 1000


def bounded(samples: Samples) -> tuple[Samples, Damage | None]:
    """The samples with what is too long cut, and what was cut."""
    count, row = 0, 0
    value = samples.value
    if pa.types.is_string(value.type) and (pc.max(pc.binary_length(value)).as_py() or 0) > LONGEST:
        long = pc.fill_null(pc.greater(pc.binary_length(value), LONGEST), False).to_numpy(zero_copy_only=False)
        count, row = int(long.sum()), int(samples.row[long][0])
        value = pc.utf8_slice_codeunits(value, 0, LONGEST)
    tag = samples.tag
    names = tag.dictionary
    if (pc.max(pc.binary_length(names)).as_py() or 0) > LONGEST:
        count, row = count + 1, row or int(samples.row[0])
        tag = pa.DictionaryArray.from_arrays(tag.indices, pc.utf8_slice_codeunits(names, 0, LONGEST))
    if not count:
        return samples, None
    what = f"a text or a name of more than {LONGEST} bytes is cut"
    return replace(samples, value=value, tag=tag), Damage(samples.stream, row, what, count)
