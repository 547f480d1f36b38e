"""A run's folder, written here as the stages write it: what is recommended, by a slow search of its own."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from conftest import CPU

import onemall
from onemall.finished_run import FinishedRun
from onemall.retriever import Retriever

ITEMS, SIZES = 12, [3, 4, 2]
CONFIG: dict[str, Any] = {
    "items": ITEMS, "code_sizes": SIZES, "vector_width": 6, "neighbours": 5, "behaviors": ["click"], "scenarios": 2,
    "subject": True, "recall": True, "width": 16, "hidden": 16, "queries": 0, "experts": 4,
}  # fmt: skip
CODES = [[item % 3, item % 4, item // 4 % 2] for item in range(8)] + [[0, 0, 0]]  # items 0 and 8 share a SID
MINUTE = 60_000


def write(folder: Path, name: str, data: pa.Table | bytes) -> None:
    """One artefact, and the manifest of its stage."""
    folder.mkdir(exist_ok=True)
    if isinstance(data, bytes):
        (folder / name).write_bytes(data)
    else:
        with pa.ipc.new_file(folder / name, data.schema) as file:
            file.write_table(data)
    artefacts = {
        each.name: {"sha256": hashlib.sha256(each.read_bytes()).hexdigest()}
        for each in folder.iterdir()
        if each.name not in ("manifest.json", "provenance.json")
    }
    (folder / "manifest.json").write_text(json.dumps({"manifest": {"artefacts": artefacts}}))


@pytest.fixture
def run(tmp_path: Path) -> FinishedRun:
    """Cards 0 to 8, of which 7 is no longer on sale, and videos 9 to 11; three visits of one user."""
    (tmp_path / "config.yaml").write_text("name: tiny\n")
    random = np.random.default_rng(4)
    ints, longs = pa.int32(), pa.int64()
    times = pa.array([None] * 7 + [30 * MINUTE] + [None] * 4, longs)
    items = {
        "item": pa.array(range(ITEMS), ints), "external_id": [f"sku-{item}" for item in range(ITEMS)],
        "scenario": ["product_card"] * 9 + ["short_video"] * 3,
        "price": pa.array(random.uniform(1, 9, ITEMS), pa.float32()),
        "available_from_ms": pa.nulls(ITEMS, longs), "available_to_ms": times,
    }  # fmt: skip
    write(tmp_path / "01-ingest", "items.arrow", pa.table(items))
    write(tmp_path / "01-ingest", "users.arrow", pa.table({"external_id": ["ann", "bob"]}))
    states = {
        "item": pa.array([], ints),
        "valid_from_ms": pa.array([], longs),
        "products": pa.array([], pa.list_(ints)),
    }
    write(tmp_path / "01-ingest", "room_states.arrow", pa.table(states))
    write(tmp_path / "01-ingest", "periods.json", json.dumps({"snapshots_ms": [0, 25 * MINUTE]}).encode())
    log = {
        "request": pa.array([0, 0, 1, 2, 2], ints), "user": pa.array([1] * 5, ints),
        "item": pa.array([3, 5, 3, 10, 8], ints), "behaviors": pa.array([3, 1, 3, 3, 3], ints),
        "time_ms": pa.array(np.array([10, 10, 20, 40, 40]) * MINUTE, longs),
        "event_ms": pa.array([None, None, None, 41 * MINUTE, None], longs), "product": pa.array([3, 5, 3, 2, 8], ints),
    }  # fmt: skip
    write(tmp_path / "01-ingest", "interactions.arrow", pa.table(log))
    vector = pa.FixedSizeListArray.from_arrays(pa.array(random.normal(size=ITEMS * 6), pa.float32()), 6)
    write(tmp_path / "06-represent.product_card", "item_features.arrow", pa.table({"vector": vector}))
    codes = pa.FixedSizeListArray.from_arrays(pa.array(np.ravel(CODES), ints), 3)
    sids = {"item": pa.array(range(9), ints), "valid_from_ms": pa.array([0] * 9, longs), "codes": codes}
    write(tmp_path / "08-semanticid.product_card", "semantic_ids.arrow", pa.table(sids))
    counts = {
        "snapshot": pa.array([1, 1], ints),
        "item": pa.array([3, 5], ints),
        "recent": pa.array([1.5, 0.5], pa.float32()),
    }
    counts["total"] = pa.array([2, 1], pa.float32())
    write(tmp_path / "09-sample.product_card", "item_popularity.arrow", pa.table(counts))
    settings = {"behaviors": ["click"], "history_length": 50, "age_unit": "minutes", "history_lengths": None}
    (tmp_path / "09-sample.product_card" / "provenance.json").write_text(json.dumps({"settings": settings}))
    model = Retriever.open(CONFIG, 3, CPU)
    model.network.prior_L.data.fill_(0.7)
    model.network.popularity_2.data.copy_(torch.tensor([0.3, -0.2]))
    model.save(str(tmp_path / "weights"), training=False)
    write(tmp_path / "10-pretrain.product_card", "retriever.safetensors", (tmp_path / "weights").read_bytes())
    return onemall.load(tmp_path)


def test_the_query_is_what_the_log_holds(run: FinishedRun) -> None:
    query = run.query("bob", "product_card", 50 * MINUTE)
    assert query["click_item"].tolist() == [[8, 10, 3]]  # the latest first; 5 was shown and not clicked
    assert query["click_product"].tolist() == [[-1, 2, -1]]
    assert query["click_offered"].tolist() == [[1, 0, 1]]
    assert query["click_code"].tolist() == [[CODES[8], CODES[2], CODES[3]]]  # a video has its product's
    assert query["click_feature"].tolist() == [[[0, 1, 10], [0, 1, 9], [1, 2, 30]]]  # visits since, times, minutes
    torch.testing.assert_close(query["request"], torch.log1p(torch.tensor([[3, 5 / 3, 10, 30]])))
    earlier = run.query("bob", "product_card", 40 * MINUTE)
    assert earlier["click_item"].tolist() == [[3]] and earlier["click_feature"].tolist() == [[[0, 2, 20]]]
    going_on = run.query("bob", "product_card", 40 * MINUTE + 1)
    assert going_on["click_item"].tolist() == [[8, 3]]  # 10 is seen a minute later


def test_a_history_is_read_until_there_is_an_item_too_many(run: FinishedRun) -> None:
    rows, since = np.array([2, 3, 0]), np.array([0, 1, 2])  # items 3, 10 and 3 again
    both = run._tokens("click", "product_card", rows, since, 2)
    assert both["click_item"].tolist() == [[3, 10]] and both["click_feature"][0, :, 1].tolist() == [2, 1]
    one = run._tokens("click", "product_card", rows, since, 1)
    assert one["click_item"].tolist() == [[3]] and one["click_feature"][0, :, 1].tolist() == [1]


@pytest.mark.parametrize("user", ["bob", "ann"])
def test_everything_on_offer_is_scored_exactly(run: FinishedRun, user: str) -> None:
    found = run.recommend(user, 20, "product_card", 50 * MINUTE)
    assert {each.item for each in found} == set(range(9)) - {7}
    assert [each.log_p for each in found] == sorted((each.log_p for each in found), reverse=True)
    assert sum(np.exp(each.log_p) for each in found) == pytest.approx(1)
    network = run.retriever("product_card").network
    network.eval()
    items = torch.tensor([each.item for each in found])
    codes = torch.tensor([each.sid for each in found], dtype=torch.int32)
    assert codes.tolist() == [CODES[item] for item in items]
    query = run.retriever("product_card")._batch(run.query(user, "product_card", 50 * MINUTE), has_targets=False)
    recent = {3: 1.5, 5: 0.5}
    with torch.no_grad():
        started = network.start(network.encode(query))
        log_p = []
        for each in found:
            total, state, beams = 0.0, started.bos_BD.unsqueeze(1), started.root
            for level in range(3):
                logit = network.logits(state, started.recalled, beams.prefix_BWl)[0, 0].tolist()
                alike = [CODES[i] for i in range(9) if i != 7 and tuple(CODES[i][:level]) == each.sid[:level]]
                score = {}
                for code in {sid[level] for sid in alike}:
                    own = [i for i in range(9) if i != 7 and tuple(CODES[i][: level + 1]) == (*each.sid[:level], code)]
                    under = [i for i in range(9) if i != 7 and tuple(CODES[i][:level]) == each.sid[:level]]
                    count, among = (sum(0.1 + recent.get(i, 0) for i in some) for some in (own, under))
                    score[code] = logit[code] + 0.7 * np.log(count / among)
                total += score[each.sid[level]] - np.log(sum(np.exp(value) for value in score.values()))
                code_BW = torch.tensor([[each.sid[level]]], dtype=torch.int32)
                state, beams = network.extend(started, beams, torch.zeros(1, 1, dtype=torch.long), code_BW)
            sharing = [other.tower for other in found if other.sid == each.sid]
            log_p.append(total + each.tower - np.log(sum(np.exp(tower) for tower in sharing)))
    assert [each.log_p for each in found] == pytest.approx(log_p, rel=1e-4)


def test_tower_scores_are_cosines_with_popularity_and_what_is_copied(run: FinishedRun) -> None:
    found = run.recommend("bob", 3, "product_card", 50 * MINUTE)
    assert len(found) == 3 and found[0].external_id == f"sku-{found[0].item}"
    model = run.retriever("product_card")
    query = model._batch(run.query("bob", "product_card", 50 * MINUTE), has_targets=False)
    recent, total, network = {3: 1.5, 5: 0.5}, {3: 2, 5: 1}, model.network
    with torch.no_grad():
        encoded = network.encode(query)
        started = network.start(encoded)
        bonus = network.point(started.bos_BD, encoded, query).tower_copy_BT[0].tolist()
        for each in found:
            item, code = torch.tensor([each.item]), torch.tensor([each.sid], dtype=torch.int32)
            vector = network.item_tower(network.items.parts(network.items.rows(item), item, code))
            cosine = float(vector[0] @ network.query(started.bos_BD.unsqueeze(1), started.recalled)[0, 0])
            expected = (
                cosine / 0.07 + 0.3 * np.log1p(recent.get(each.item, 0)) - 0.2 * np.log1p(total.get(each.item, 0))
            )
            expected += bonus[[8, 10, 3].index(each.item)] if each.item in (8, 3) else 0.0
            assert each.tower == pytest.approx(expected, rel=1e-4)


def test_what_is_amiss_is_named(run: FinishedRun, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="user 'eve' isn't in the run's log"):
        run.recommend("eve", 3, "product_card")
    with pytest.raises(FileNotFoundError, match=r"stage semanticid\.short_video isn't finished"):
        run.offer("short_video", 0)
    with pytest.raises(FileNotFoundError, match=r"expected the folder of a run, with its config\.yaml"):
        onemall.load(tmp_path / "01-ingest")
    assert run.card("product_card")["config"]["code_sizes"] == SIZES
    path = tmp_path / "01-ingest" / "users.arrow"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="aren't those that the stage wrote"):
        onemall.load(tmp_path).table("ingest", "users.arrow")
