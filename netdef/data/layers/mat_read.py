"""`MatRead`: arrays of MATLAB files, of DeepLab (Chen et al. 2015)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.feeding.feed import Feed
from netdef.data.mat_file import read_mat
from netdef.data.text_lines import read_lines
from netdef.errors import FileError
from netdef.layers.core.arity import exactly
from netdef.layers.core.checks import check_at_least
from netdef.layers.core.registry import register

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PARAM = "mat_read_param"


@register("MatRead")
class MatRead(Feed):
    """Items are the variable ``data`` of the files ``<prefix><name>_blob_0.mat``, with axes W, H, C as MatWrite writes them.

    The names are the first words of the lines in ``source``, without ``strip`` letters at their ends, over and over; without a
    ``source`` they are ``iter_0``, ``iter_1``, ... as far as there are files. All are of one shape. Paths are relative to the
    working directory, as those of MatWrite. Raises `FileError` for a file that cannot be read.
    """

    n_tops = exactly(1)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.mat_read_param
        super().__init__(spec, param.batch_size)
        check_at_least(spec, param.strip, 0, _PARAM, "strip")
        self.prefix = param.prefix
        self.names = _names(spec) if param.source else None
        self.set_shapes(spec, self.read(0).shape)
        self.work_ahead(1)

    def epoch_size(self) -> int | None:
        """The number of names in the list; None without one."""
        return len(self.names) if self.names else None

    def batch(self, number: int) -> dict[str, np.ndarray]:
        first = self.first_item(number)
        return {self.tops[0]: np.stack([self.read(first + index) for index in range(self.batch_size)])}

    def read(self, item: int) -> np.ndarray:
        """The array (C, H, W) of an item of the endless sequence."""
        name = self.names[item % len(self.names)] if self.names else f"iter_{item}"
        path = Path(f"{self.prefix}{name}_blob_0.mat")
        array = read_mat(path, "data")
        if array.ndim > 4 or array.shape[3:] not in ((), (1,)):
            raise FileError(f"{path}: layer `{self.name}` wants an array (W, H, C), and of a fourth axis one; here it is "
                            f"{array.shape}")
        array = array.reshape(array.shape[:3] + (1,) * (3 - array.ndim)).T
        if self.tops[0] in self.shapes and array.shape != self.shapes[self.tops[0]][1:]:
            raise FileError(f"{path}: layer `{self.name}` wants (C, H, W) {self.shapes[self.tops[0]][1:]} in all files; here it "
                            f"is {array.shape}")
        return array


def _names(spec: LayerDefinition) -> list[str]:
    """The first word of each line of the list, without the letters to strip."""
    param = spec.message.mat_read_param
    source = spec.resolve(param.source, _PARAM, "source")
    try:
        words = [line.text.split()[0] for line in read_lines(source)]
    except FileError as error:
        raise spec.refuse(f"cannot read its list: {error}", _PARAM, "source") from error
    names = [word[: len(word) - param.strip] for word in words]
    if not all(names) or not names:
        raise spec.refuse(f"has a list of no names, or of names with no more than the {param.strip} letters to strip: {source}",
                          _PARAM, "source")
    return names
