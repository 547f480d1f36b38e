"""A finished run, opened without a JVM: its tables, its retriever with its card, exact recommendations for one user.

As in Java: tables and weights, the query (a live user's, of what the log holds before the moment), what is offered, and
the generator's log-probabilities and the tower's scores, up to the last bits of a sum. Not as in Java: everything on
offer is scored, not what beams find; and the order is the generator's alone, without the pointer, tower and memory that
Java's final order adds by weights tuned on validation.

Shapes: T = history tokens, L = levels, M = SIDs on offer, C = items on offer, W = prefixes of a level, D = width.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray

from onemall.retriever import HISTORY_FEATURES, REQUEST_FEATURES, Retriever
from onemall.training import read_about

SCENARIOS = ("product_card", "short_video", "live_streaming")
BEHAVIOR_BITS = {"exposure": 1, "click": 2, "long_view": 4, "cart": 8, "buy": 16, "like": 32}
AGE_UNIT_MS = {"days": 86_400_000, "minutes": 60_000}
PRIOR_SMOOTHING = 0.1  # Java's, of the popularity prior

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`log_p`: of the item, by the generator: of its SID, of which items share as a softmax of their tower's scores."""

    item: int
    external_id: str
    sid: tuple[int, ...]
    log_p: float
    tower: float


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be had at a moment: items (C), and their SIDs (C, L)."""

    items: Ints
    sids: Ints


class FinishedRun:
    """The folder of a run. Files are checked against their hashes when they are first read."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / "config.yaml").is_file():
            raise FileNotFoundError(f"{folder}: expected the folder of a run, with its config.yaml")
        self.table = cache(self._table)
        self.retriever = cache(self._retriever)

    def file(self, stage: str, name: str) -> Path:
        """A file of a stage (`ingest`, `pretrain.product_card`), whose bytes are those that the stage wrote."""
        folder = self._folder(stage)
        written = json.loads((folder / "manifest.json").read_text())["manifest"]["artefacts"]
        if name not in written:
            raise FileNotFoundError(f"{folder}: expected one of {sorted(written)}, found no {name}")
        with (folder / name).open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found != written[name]["sha256"]:
            raise ValueError(f"{folder / name}: its bytes aren't those that the stage wrote; run the stage again")
        return folder / name

    def card(self, scenario: str) -> dict[str, Any]:
        """What the retriever's weights say of themselves: `kind`, and `config` with sizes and switches."""
        return read_about(str(self.file(f"pretrain.{scenario}", "retriever.safetensors")))

    def recommend(self, user: str, k: int, scenario: str, at_ms: int | None = None) -> list[Recommendation]:
        """The k best items on offer for a user, by what the log holds before a moment (default: after all of it)."""
        moment = int(self._log("time_ms").max()) + 1 if at_ms is None else at_ms
        model, offer = self.retriever(scenario), self.offer(scenario, moment)
        query = self.query(user, scenario, moment)
        out = _started(model, query)
        figures = model.infer("start", query, out)
        recent_N, total_N = self._popularity(scenario, moment)
        sid_ML, sid_of_C = np.unique(offer.sids, axis=0, return_inverse=True)
        count_C = PRIOR_SMOOTHING + recent_N[offer.items].astype(np.float64)
        count_M = np.asarray(np.bincount(sid_of_C, weights=count_C), dtype=np.float64)
        vector_CD = torch.empty(len(offer.items), model.config.width)
        asked = {"item": torch.from_numpy(offer.items).int(), "code": torch.from_numpy(offer.sids).int()}
        model.infer("tower", asked, {"vector": vector_CD})
        tower_N = np.full(model.config.items, -np.inf)
        tower_N[offer.items] = figures["tower_scale"] * (vector_CD @ out["user"][0]).numpy()
        tower_N += figures["popularity_weight_0"] * np.log1p(recent_N)
        tower_N += figures["popularity_weight_1"] * np.log1p(total_N)
        copied = query[f"{model.config.behaviors[0]}_item"][0].numpy()
        np.add.at(tower_N, copied[copied >= 0], out["tower_copy"][0].numpy()[copied >= 0])
        tower_C = tower_N[offer.items]
        log_p_M = _sid_log_p(model, out["logits_0"], sid_ML, count_M, figures)
        log_p_C = log_p_M[sid_of_C] + _log_softmax(tower_C, sid_of_C, len(sid_ML))
        names = self.table("ingest", "items.arrow")["external_id"]
        best = np.lexsort((offer.items, -log_p_C))[:k]
        return [
            Recommendation(
                item=int(offer.items[c]),
                external_id=names[int(offer.items[c])].as_py(),
                sid=tuple(offer.sids[c].tolist()),
                log_p=float(log_p_C[c]),
                tower=float(tower_C[c]),
            )
            for c in best
        ]

    def offer(self, scenario: str, moment: int) -> Offer:
        """The scenario's items that have a SID and can be had at a moment, with the SIDs that are valid then."""
        items = self.table("ingest", "items.arrow")
        start, end = (items[f"available_{name}_ms"] for name in ("from", "to"))
        is_on = np.array(items["scenario"].to_pylist()) == scenario
        is_on &= start.fill_null(np.iinfo(np.int64).min).to_numpy() <= moment
        is_on &= end.fill_null(np.iinfo(np.int64).max).to_numpy() > moment
        states = self.table("ingest", "room_states.arrow")
        rooms, state_ms = states["item"].to_numpy(), states["valid_from_ms"].to_numpy()
        is_selling = np.array([len(products) > 0 for products in states["products"].to_pylist()], dtype=bool)
        is_on[rooms] = False  # off air before its first state
        for room, sells in zip(rooms[state_ms <= moment], is_selling[state_ms <= moment], strict=True):
            is_on[room] = sells
        sid_NL = self._sids(scenario, np.arange(len(items)), np.full(len(items), moment))
        found = np.flatnonzero(is_on & (sid_NL[:, 0] >= 0))
        if not len(found):
            raise ValueError(f"{scenario}: nothing can be had at {moment} ms; choose another `at_ms`")
        return Offer(found, sid_NL[found])

    def query(self, user: str, scenario: str, moment: int) -> dict[str, torch.Tensor]:
        """What the retriever is asked with, as Java's assembler makes it; item-to-item neighbours, which neither
        generator nor tower reads, are left empty."""
        settings = self._settings(f"sample.{scenario}")
        number = self.table("ingest", "users.arrow")["external_id"].index(pa.scalar(user)).as_py()
        if number < 0:
            raise ValueError(f"user {user!r} isn't in the run's log; expected an external id of users.arrow")
        own = np.flatnonzero((self._log("user") == number) & (self._log("time_ms") < moment))
        visit = self._log("request")[own]
        since = np.cumsum(np.r_[visit[1:] != visit[:-1], False][::-1])[::-1] if len(own) else own  # visits since then
        unit = AGE_UNIT_MS[settings.get("age_unit") or "days"]
        times = self._log("time_ms")[own]
        request = np.zeros(REQUEST_FEATURES)
        if len(own):
            visits = since[0] + 1
            ages = [(moment - times[-1]) / unit, (times[-1] - times[0]) / unit]
            request = np.log1p([visits, len(own) / visits, *ages])
        levels = len(self.card(scenario)["config"]["code_sizes"])
        query = {
            "request": torch.tensor(request[None], dtype=torch.float32),
            "neighbour_item": torch.empty(1, 0, dtype=torch.int32),
            "neighbour_code": torch.empty(1, 0, levels, dtype=torch.int32),
            "neighbour_score": torch.empty(1, 0),
        }
        offered = self.offer(scenario, moment).items
        for behavior in settings["behaviors"]:
            limit = (settings.get("history_lengths") or {}).get(behavior, settings["history_length"])
            did = (self._log("behaviors")[own] & BEHAVIOR_BITS[behavior]) != 0
            did &= self._log("event_ms")[own] < moment  # a visit may still have been going on
            query |= self._tokens(behavior, scenario, own[did][::-1], since[did][::-1], limit)
            seen_ms = query.pop(f"{behavior}_seen_ms").numpy()
            query[f"{behavior}_feature"][0, :, 2] = torch.from_numpy((moment - seen_ms) / unit).float()
            is_offered = np.isin(query[f"{behavior}_item"].numpy(), offered)
            query[f"{behavior}_offered"] = torch.from_numpy(is_offered).to(torch.uint8)
        return query

    def _tokens(self, behavior: str, scenario: str, rows: Ints, since: Ints, limit: int) -> dict[str, torch.Tensor]:
        """One token per distinct item of these rows, the latest first, read until there is an item too many; how often
        each came in what was read, and when it came last.
        """
        _, appears = np.unique(self._log("item")[rows], return_index=True)
        rows = rows[: np.sort(appears)[limit]] if len(appears) > limit else rows
        item, first, times = np.unique(self._log("item")[rows], return_index=True, return_counts=True)
        order = np.argsort(first)
        latest = rows[first[order]]
        item, seen_ms, product = item[order], self._log("event_ms")[latest], self._log("product")[latest].copy()
        product[product == item] = -1
        code = self._sids(scenario, item, seen_ms)
        sold = self._sids(scenario, np.maximum(product, 0), seen_ms)
        code = np.where((code[:, :1] < 0) & (product >= 0)[:, None], sold, code)
        feature = np.zeros((len(item), HISTORY_FEATURES))
        feature[:, 0], feature[:, 1] = since[first[order]], times[order]
        return {
            f"{behavior}_item": torch.from_numpy(item[None]).int(),
            f"{behavior}_code": torch.from_numpy(code[None]).int(),
            f"{behavior}_product": torch.from_numpy(product[None]).int(),
            f"{behavior}_feature": torch.from_numpy(feature[None]).float(),
            f"{behavior}_seen_ms": torch.from_numpy(seen_ms),
        }

    def _sids(self, scenario: str, item: Ints, moment: Ints) -> Ints:  # (.., L)
        """The latest SID of each item that was valid at its moment; -1 without one."""
        table = self.table(f"semanticid.{scenario}", "semantic_ids.arrow")
        owner, since_ms = table["item"].to_numpy(), table["valid_from_ms"].to_numpy()
        code = table["codes"].combine_chunks().flatten().to_numpy().reshape(len(owner), -1).astype(np.int64)
        by_time = np.lexsort((np.r_[since_ms, moment], np.r_[owner, item]), axis=0)
        place = np.empty(len(by_time), dtype=np.int64)
        is_sid = by_time < len(owner)
        place[by_time] = np.cumsum(is_sid) - 1  # the last SID at or before each asked moment: SIDs come first in ties
        row = place[len(owner) :]
        has_sid = (row >= 0) & (owner[np.maximum(row, 0)] == item)
        return np.where(has_sid[:, None], code[np.maximum(row, 0)], -1)

    def _popularity(self, scenario: str, moment: int) -> tuple[Floats, Floats]:
        """Recent and total counts of every item at the latest snapshot before a moment."""
        snapshots = json.loads(self.file("ingest", "periods.json").read_text())["snapshots_ms"]
        snapshot = int(np.searchsorted(snapshots, moment, side="right")) - 1
        table = self.table(f"sample.{scenario}", "item_popularity.arrow")
        own = table.filter(pa.compute.equal(table["snapshot"], snapshot))
        counts = np.zeros((2, len(self.table("ingest", "items.arrow"))), dtype=np.float32)
        for place, name in enumerate(("recent", "total")):
            counts[place, own["item"].to_numpy()] = own[name].to_numpy()
        return counts[0], counts[1]

    @cache  # noqa: B019 (a run is kept as long as its tables)
    def _log(self, column: str) -> Ints:
        """A column of the interactions, sorted by user and time; absent times are the request's, absent products -1."""
        table = self.table("ingest", "interactions.arrow")
        values = table[column]
        if column == "event_ms":
            values = pa.compute.coalesce(values, table["time_ms"])
        return np.asarray(values.fill_null(-1).to_numpy()).astype(np.int64)

    def _folder(self, stage: str) -> Path:
        found = [each for each in sorted(self.folder.glob(f"[0-9]*-{stage}")) if (each / "manifest.json").is_file()]
        if not found:
            raise FileNotFoundError(f"{self.folder}: stage {stage} isn't finished; let the run go on to it")
        return found[0]

    def _settings(self, stage: str) -> Any:
        return json.loads((self._folder(stage) / "provenance.json").read_text())["settings"]

    def _table(self, stage: str, name: str) -> pa.Table:
        with pa.ipc.open_file(pa.memory_map(str(self.file(stage, name)))) as reader:
            return reader.read_all()

    def _retriever(self, scenario: str) -> Retriever:
        """With the weights that the evaluation measures, on the CPU, and fed with the items."""
        model = Retriever.open(self.card(scenario)["config"], 0, torch.device("cpu"))
        model.load(str(self.file(f"pretrain.{scenario}", "retriever.safetensors")), training=False)
        items = self.table("ingest", "items.arrow")
        vector = self.table(f"represent.{scenario}", "item_features.arrow")["vector"].combine_chunks().flatten()
        kinds = [SCENARIOS.index(each) for each in items["scenario"].to_pylist()]
        model.feed(
            "items",
            {
                "vector": torch.from_numpy(vector.to_numpy().reshape(len(items), -1).copy()),
                "price": torch.from_numpy(items["price"].to_numpy().copy()),
                "kind": torch.tensor(kinds, dtype=torch.int32),
            },
        )
        return model


def _started(model: Retriever, query: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    history = query[f"{model.config.behaviors[0]}_item"].shape[1]
    return {
        "logits_0": torch.empty(1, model.config.code_sizes[0]),
        "gate": torch.empty(1, 3),
        "copy_history": torch.empty(1, history),
        "copy_neighbour": torch.empty(1, 0),
        "user": torch.empty(1, model.config.width),
        "tower_copy": torch.empty(1, history),
    }


def _sid_log_p(
    model: Retriever, logits_0: torch.Tensor, sid_ML: Ints, count_M: NDArray[np.float64], figures: Mapping[str, float]
) -> NDArray[np.float64]:  # (M)
    """log p of every SID, level by level over all prefixes that exist; `count_M`: how popular each is."""
    log_p_W = np.zeros(1)
    parent_M = np.zeros(len(sid_ML), dtype=np.int64)
    parent_W = last_W = np.zeros(1, dtype=np.int64)
    for level in range(sid_ML.shape[1]):
        prefix_WL, child_M = np.unique(sid_ML[:, : level + 1], axis=0, return_inverse=True)
        owner = np.zeros(len(prefix_WL), dtype=np.int64)
        owner[child_M] = parent_M
        code = torch.from_numpy(prefix_WL[:, -1].copy()).int()
        if level == 0:
            logit = logits_0[0, code.long()]
        else:
            offset = torch.from_numpy(np.searchsorted(owner, np.arange(len(log_p_W) + 1))).int()
            beams = {"parent": parent_W, "code": last_W}
            asked = {name: torch.from_numpy(each[None].copy()).int() for name, each in beams.items()}
            logit = torch.empty(len(prefix_WL))
            model.infer("next", asked | {"offset": offset, "child": code}, {f"logits_{level}": logit})
        count = np.bincount(child_M, weights=count_M)
        share = np.log(count / np.bincount(owner, weights=count)[owner])
        score = logit.double().numpy() + figures[f"alpha_{level}"] * share
        log_p_W = log_p_W[owner] + _log_softmax(score, owner, len(log_p_W))
        parent_M, parent_W, last_W = child_M, owner, prefix_WL[:, -1]
    return log_p_W[parent_M]


def _log_softmax(score: NDArray[np.float64], owner: Ints, owners: int) -> NDArray[np.float64]:
    """Over what has the same owner."""
    peak = np.full(owners, -np.inf)
    np.maximum.at(peak, owner, score)
    total = np.bincount(owner, weights=np.exp(score - peak[owner]), minlength=owners)
    shifted: NDArray[np.float64] = score - peak[owner] - np.log(total[owner])
    return shifted
