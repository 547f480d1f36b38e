"""Beams: prefixes of Semantic IDs that grow by a code a level, and which codes may come next.

The next codes are lists: at 4096 codes a level most prefixes have few, and none needs a row of 4096.

Shapes: B = requests, W = beams, R = rows (the beams of all requests, B W), J = children of all rows, L = levels,
l = codes of a prefix, K = codes of a level, S = targets of a request, X = context tokens, D = width.
"""

from typing import NamedTuple, Self

import torch
from torch import Tensor

from onemall.attention import KeysValues
from onemall.pointer import Recalled

NO = float("-inf")


class Children(NamedTuple):
    """The children of each row, side by side and rising; child j of row r is `row K + code`, its key."""

    offset: Tensor  # (R + 1): row r's are those from offset[r] to offset[r + 1]
    row_J: Tensor
    key_J: Tensor
    size: int  # K
    taken: slice  # of the children of all rows, where these are some

    @classmethod
    def of(cls, offset: Tensor, code_J: Tensor, size: int) -> Self:
        """Checks that the lists are such."""
        offset, count = offset.long(), len(code_J)
        lengths = offset.diff()
        if offset[0] != 0 or offset[-1] != count or (lengths < 0).any():
            raise ValueError(f"children: expected offsets that rise from 0 to {count}, found {offset.tolist()[:20]} ..")
        if count and not 0 <= int(code_J.min()) <= int(code_J.max()) < size:
            raise ValueError(f"children: expected codes from 0 to {size - 1}, found {code_J.min()} to {code_J.max()}")
        row_J = torch.arange(len(lengths), device=offset.device).repeat_interleave(lengths)
        key_J = row_J * size + code_J
        if not (key_J.diff() > 0).all():
            raise ValueError(
                "children: expected the codes of each row to rise, found some that fall or are there twice"
            )
        return cls(offset, row_J, key_J, size, slice(0, count))

    def of_requests(self, few: slice, beams: int) -> "Children":
        """Those of some requests with so many rows each, counted from 0 again."""
        last_row = min(few.stop * beams, len(self.offset) - 1)
        offset = self.offset[few.start * beams : last_row + 1]
        taken = slice(int(offset[0]), int(offset[-1]))
        first_row = few.start * beams
        return Children(
            offset - offset[0],
            self.row_J[taken] - first_row,
            self.key_J[taken] - first_row * self.size,
            self.size,
            taken,
        )

    def log_softmax(self, logit_J: Tensor) -> Tensor:  # (J)
        """Over the children of each row."""
        rows = len(self.offset) - 1
        peak_R = logit_J.new_full((rows,), NO).scatter_reduce(0, self.row_J, logit_J.detach(), "amax")
        shifted_J = logit_J - peak_R[self.row_J]
        sum_R = logit_J.new_zeros(rows).index_add(0, self.row_J, shifted_J.exp())
        return shifted_J - sum_R.log()[self.row_J]

    def find(self, value_J: Tensor, code_BW: Tensor) -> Tensor:  # (B, W)
        """The values of these codes, in the row of their own beam or, if a request has one, of their request; -inf for
        a code that is no child there."""
        requests, width = code_BW.shape
        rows = len(self.offset) - 1
        row_BW = torch.arange(rows, device=code_BW.device).view(requests, rows // requests).expand(requests, width)
        wanted_BW = row_BW * self.size + code_BW
        if not len(self.key_J):
            return value_J.new_full(code_BW.shape, NO)
        place_BW = torch.searchsorted(self.key_J, wanted_BW).clamp(max=len(self.key_J) - 1)
        is_child_BW = (self.key_J[place_BW] == wanted_BW) & (code_BW >= 0)
        return value_J[place_BW].masked_fill(~is_child_BW, NO)


class Decoded(NamedTuple):
    """Outputs of <BOS> and of each target's codes; of each layer, keys and values of the context, and of <BOS>."""

    bos_BD: Tensor
    states_BSLD: Tensor | None  # L = codes given
    contexts: list[KeysValues]  # (B, X, D), once for all of a request's beams
    seen_of_bos: list[KeysValues]  # (B, 1, 1, D)


class Beams(NamedTuple):
    """W prefixes of each request, and what each layer has seen of them: keys and values of <BOS> and the codes."""

    prefix_BWl: Tensor
    seen: list[KeysValues]  # (B, W, 1 + l, D)

    def of_parents(self, parent_BW: Tensor) -> "Beams":
        index_BWl = parent_BW.unsqueeze(-1).expand(-1, -1, self.prefix_BWl.shape[-1])
        return Beams(self.prefix_BWl.gather(1, index_BWl), [each.of_parents(parent_BW) for each in self.seen])


class Started(NamedTuple):
    """Requests from which beams can grow."""

    context_mask_B1X: Tensor
    contexts: list[KeysValues]
    bos_BD: Tensor
    recalled: Recalled | None
    root: Beams  # one a request, without a code

    def of_requests(self, few: slice) -> "Started":
        recalled = None if self.recalled is None else Recalled(*(part[few] for part in self.recalled))
        return Started(
            self.context_mask_B1X[few],
            [KeysValues(*(part[few] for part in each)) for each in self.contexts],
            self.bos_BD[few],
            recalled,
            Beams(self.root.prefix_BWl[few], [KeysValues(*(p[few] for p in each)) for each in self.root.seen]),
        )
