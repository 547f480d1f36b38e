"""The retriever: a generator of Semantic IDs with a pointer and an item tower, from configuration to loss.

Shapes, here and in attention.py, beams.py, items.py, losses.py and pointer.py: B = requests, S = targets of a request,
L = levels, l = codes of a prefix, K = codes of a level, T = history tokens (one per distinct item, most recent first),
P = neighbours, C = candidates in the batch, W = beams, J = legal next codes of all beams, X = context tokens,
A = tokens that look at them, D = width, N = items, U = distinct items of a batch, V = width of the item vectors,
Z = features of a token or of a request, G = 3 ways to an item: generator, history, neighbours.

Departures from the paper (PAPER.md section 5):
(1)  pre-norm; the paper draws no norms. `residual: standard` has one residual per block, `paper` Eq. 6's one per layer.
(2)  the S targets of a request share one encoding and one <BOS>; each target's codes see <BOS> and themselves only.
(3)  the softmax of a level runs over the codes that exist after the prefix, as in decoding, and its logits get a
     learned multiple of the log popularity of the code (`prior`).
(4)  a pointer (pointer.py) copies items from the history and from item-to-item neighbours; the three ways mix by a
     learned gate. `generator_weight` adds the pure generator's loss.
(5)  the contrastive loss takes <BOS>'s output (`contrastive_position: last` is the paper's), is log-Q corrected, masks
     known targets, and adds learned popularity weights and the copy logit: so trained, it can rank.
(6)  a request token stands in the context: how often, how much and how recently the user came.
(7)  `queries: 0` gives the decoder the history tokens themselves (the paper's variant without Query-Formers).
(8)  the experts' scores are sigmoids, as in the balancing paper.
(9)  histories span all scenarios (`scenarios`): a token says which one its item is of, has no codes where the item has
     no SID here, and shows the product that a video or room sold then (`subject`). The pointer copies only what can be
     retrieved at the request's moment.
(10) `tied_codes`: a level's head scores the embeddings of its codes, those that histories are made of, so that "more of
     the same" need not be learned code by code. `recall` adds what the histories' codes say by themselves (pointer.py).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onemall.attention import (
    EMBEDDING_DEVIATION,
    DecoderLayer,
    Dropout,
    FeedForward,
    KeysValues,
    Norm,
    QueryFormer,
    branch_mask,
    full_precision,
    initialise,
    legal_log_softmax,
)
from onemall.beams import Beams, Children, Decoded, Started
from onemall.items import ItemRows, ItemTokens, ItemTower
from onemall.losses import LossSettings, Outputs, retriever_loss
from onemall.moe import MixtureOfExperts, check_widths
from onemall.pointer import History, Neighbours, Pointed, Pointer, Recall, Recalled
from onemall.training import RandomState, Trainer, expect_step, precision, read_config, require

REQUEST_FEATURES, HISTORY_FEATURES = 4, 3
BUCKETS = 24
LOGITS_AT_ONCE = 1 << 24  # of all codes, before the children's are taken: 64 MiB
SEEN_AT_ONCE = 1 << 25  # numbers that the layers keep of given SIDs: 128 MiB

Answer = tuple[dict[str, Tensor], dict[str, float]]  # tensors for the caller's outputs; scalars


@dataclass(kw_only=True, slots=True)
class RetrieverConfig:
    """Sizes, switches and optimizer settings; the names are the YAML's."""

    items: int  # whose ids are trained; the catalogue that is fed may have grown since
    code_sizes: list[int]
    vector_width: int
    neighbours: int
    behaviors: list[str]  # the pointer copies from the first one
    scenarios: int = 1  # that the items belong to; with several, a token says which
    subject: bool = False
    tied_codes: bool = False
    recall: bool = False
    width: int = 64
    heads: int = 2
    layers: int = 1
    hidden: int = 128  # of one expert
    queries: int = 10
    experts: int = 12  # 0 or 1: a dense layer
    experts_active: int = 2
    expert_type: Literal["mlp", "swiglu"] = "mlp"
    balance_rate: float = 1e-3
    residual: Literal["standard", "paper"] = "standard"
    dropout: float = 0.2
    token_drop: float = 0.1
    item_embedding: bool = True
    request_features: bool = True
    pointer_history: bool = True
    pointer_neighbours: bool = True
    prior: bool = True
    generator_weight: float = 0.0
    contrastive_weight: float = 1.0
    contrastive_temperature: float = 0.07
    contrastive_position: Literal["bos", "last"] = "bos"
    weight_decay: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.98
    clip: float = 1.0

    def __post_init__(self) -> None:
        positive = ("items", "scenarios", "vector_width", "width", "heads", "layers", "hidden")
        problems = [f"{name} >= 1" for name in positive if getattr(self, name) < 1]
        problems += [f"{name} >= 0" for name in ("neighbours", "queries", "experts") if getattr(self, name) < 0]
        problems += [f"0 <= {name} < 1" for name in ("dropout", "token_drop") if not 0 <= getattr(self, name) < 1]
        wrong = {
            "code_sizes: a size >= 1 for each level": not self.code_sizes or min(self.code_sizes) < 1,
            "behaviors: at least one": not self.behaviors,
            "width: a multiple of heads": self.heads > 0 and self.width % self.heads != 0,
            "experts_active: 1 to experts": self.experts > 1 and not 1 <= self.experts_active <= self.experts,
            "contrastive_temperature > 0": self.contrastive_temperature <= 0,
        }
        problems += [rule for rule, is_broken in wrong.items() if is_broken]
        if problems:
            raise ValueError(f"retriever: expected {'; '.join(problems)}; found {asdict(self)}")


class Encoded(NamedTuple):
    """A batch of requests, encoded. Context for the decoder, and what the pointer copies from."""

    context_BXD: Tensor
    context_mask_B1X: Tensor
    bos_BD: Tensor
    request_BZ: Tensor
    histories: dict[str, History]
    rows: ItemRows

    @property
    def history(self) -> History:
        """What the pointer copies from."""
        return next(iter(self.histories.values()))


class RetrieverNetwork(nn.Module):
    """Weights and forward passes; `Retriever` holds it with the optimizer and the random state."""

    def __init__(self, config: RetrieverConfig) -> None:
        super().__init__()
        width = config.width
        self.config = config
        self.items = ItemTokens(
            width, config.code_sizes, config.vector_width, config.items, config.item_embedding, config.scenarios
        )
        self.item_tower = ItemTower(width, config.heads, max(config.queries, 1), config.hidden)
        self.dropout = Dropout(config.dropout)
        self.token_drop = Dropout(config.token_drop)
        self.bos_D = nn.Parameter(torch.empty(width))
        self.level_LD = nn.Parameter(torch.empty(len(config.code_sizes), width))
        self.behavior_buckets = nn.ModuleDict(
            {name: nn.EmbeddingBag(HISTORY_FEATURES * BUCKETS, width, mode="sum") for name in config.behaviors}
        )
        self.behavior_norms = nn.ModuleDict({name: Norm(width) for name in config.behaviors})
        self.query_formers = nn.ModuleDict(
            {
                name: QueryFormer(width, config.heads, config.queries, 2 * width)
                for name in config.behaviors
                if config.queries
            }
        )
        self.request = nn.Sequential(nn.Linear(REQUEST_FEATURES, width), nn.GELU(), nn.Linear(width, width))
        self.context_norm = Norm(width)
        self.layers = nn.ModuleList(self._layer() for _ in range(config.layers))
        self.final_norm = Norm(width)
        self.recall = (
            Recall(width, HISTORY_FEATURES, config.behaviors, len(config.code_sizes)) if config.recall else None
        )
        outputs = [width] * len(config.code_sizes) if config.tied_codes else config.code_sizes
        self.heads = nn.ModuleList(nn.Linear(width, size) for size in outputs)
        self.prior_L = nn.Parameter(torch.empty(len(config.code_sizes)), requires_grad=config.prior)
        self.pointer = Pointer(
            width,
            HISTORY_FEATURES,
            REQUEST_FEATURES,
            config.neighbours,
            config.pointer_history,
            config.pointer_neighbours,
        )
        self.user = nn.Linear(width, width)
        self.popularity_2 = nn.Parameter(torch.empty(2))
        initialise(self)

    def _layer(self) -> DecoderLayer:
        config = self.config
        experts = (config.experts, config.experts_active, config.expert_type, config.balance_rate)
        feed_forward = (
            MixtureOfExperts(config.width, config.hidden, *experts)
            if config.experts > 1
            else FeedForward(config.width, config.hidden)
        )
        is_standard = config.residual == "standard"
        return DecoderLayer(config.width, config.heads, feed_forward, self.dropout, is_standard)

    def initialise(self) -> None:
        """Without `prior` its weight stays 0."""
        self.bos_D.normal_(std=EMBEDDING_DEVIATION)
        self.level_LD.normal_(std=EMBEDDING_DEVIATION)
        self.prior_L.fill_(float(self.config.prior))
        self.popularity_2.zero_()

    def encode(self, batch: dict[str, Tensor]) -> Encoded:
        request_BZ = batch["request"]
        bos_BD = request_BD = self.bos_D.expand(len(request_BZ), -1)
        if self.config.request_features:
            request_BD = self.request(request_BZ)
            bos_BD = bos_BD + request_BD
        context = [request_BD.unsqueeze(1)]  # always there: no request is without context
        masks = [torch.ones(len(request_BZ), 1, dtype=torch.bool, device=request_BZ.device)]
        listed = [f"{name}_item" for name in (*self.config.behaviors, "neighbour", "candidate")]
        listed += [f"{name}_product" for name in self.config.behaviors if self.config.subject]
        rows = self.items.rows(*(batch[name] for name in listed if name in batch))
        histories = {}
        for name in self.config.behaviors:
            item_BT = batch[f"{name}_item"]
            histories[name] = self._history(rows, name, batch)
            token_BTD = histories[name].token_BTD
            is_real_BT = item_BT >= 0
            if self.training and self.config.token_drop:
                is_real_BT = is_real_BT & (self.token_drop.draw(item_BT.shape, item_BT.device) > 0)
            if self.config.queries:
                token_BTD = self.query_formers[name](token_BTD, is_real_BT)
                is_real_BT = is_real_BT.new_ones(token_BTD.shape[:2])
            context.append(token_BTD)
            masks.append(is_real_BT)
        return Encoded(
            self.context_norm(torch.cat([part.float() for part in context], dim=1)),
            torch.cat(masks, dim=1).unsqueeze(1),
            bos_BD,
            request_BZ,
            histories,
            rows,
        )

    def _history(self, rows: ItemRows, name: str, batch: dict[str, Tensor]) -> History:
        item_BT, feature_BTZ = batch[f"{name}_item"], batch[f"{name}_feature"]
        bucket_BTZ = (2 * torch.log2(1 + feature_BTZ.clamp(min=0))).long().clamp(max=BUCKETS - 1)
        bucket_BTZ = bucket_BTZ + BUCKETS * torch.arange(HISTORY_FEATURES, device=bucket_BTZ.device)
        buckets_BTD = self.behavior_buckets[name](bucket_BTZ.flatten(0, 1)).view(*item_BT.shape, -1)
        content_BTD = self.items(rows, item_BT, batch[f"{name}_code"])
        token_BTD = content_BTD + buckets_BTD
        if self.config.subject:
            subject_BTD = self.items.subjects(rows, batch[f"{name}_product"])
            content_BTD, token_BTD = content_BTD + subject_BTD, token_BTD + subject_BTD
        token_BTD = self.dropout.forward(self.behavior_norms[name](token_BTD))
        code_BTL, offered_BT = batch[f"{name}_code"], batch[f"{name}_offered"]
        return History(item_BT, token_BTD, content_BTD, feature_BTZ, code_BTL, offered_BT)

    def recalled(self, bos_BD: Tensor, encoded: Encoded) -> Recalled | None:
        return None if self.recall is None else self.recall(bos_BD, encoded.histories)

    def logits(self, state_BSD: Tensor, recalled: Recalled | None, prefix_BSl: Tensor) -> Tensor:  # (B, S, K)
        """Of the codes after the prefixes, in fp32; the states are those of the last codes."""
        level = prefix_BSl.shape[-1]
        with full_precision(state_BSD):
            logit_BSK: Tensor = self.heads[level](state_BSD)
            if self.config.tied_codes:
                logit_BSK = self.items.code_scores(logit_BSK, level)
            if self.recall is None or recalled is None:
                return logit_BSK
            return logit_BSK + self.recall.bonus(recalled, prefix_BSl, self.config.code_sizes[level])

    def embed_code(self, code: Tensor, level: int) -> Tensor:  # (...) to (..., D)
        return self.items.embed_code(code, level) + self.level_LD[level]

    def decode(self, encoded: Encoded, code_BSL: Tensor | None = None, is_target_BS: Tensor | None = None) -> Decoded:
        """<BOS> and, where they are given, each target's codes; these see <BOS> and themselves."""
        x_BAD = self.dropout(encoded.bos_BD).unsqueeze(1)
        mask_1AA = is_counted_BA = None
        if code_BSL is not None and is_target_BS is not None:
            targets, levels = code_BSL.shape[1:]
            codes = [self.embed_code(code_BSL[..., level], level) for level in range(levels)]
            code_BAD = self.dropout(torch.stack(codes, dim=2).flatten(1, 2))
            x_BAD = torch.cat([x_BAD, code_BAD], dim=1)
            mask_1AA = branch_mask(targets, levels, x_BAD.device)
            is_counted_BA = F.pad(is_target_BS.repeat_interleave(levels, dim=1), (1, 0), value=True)
        contexts, seen_of_bos = [], []
        for layer in self.layers:
            assert isinstance(layer, DecoderLayer)
            contexts.append(layer.cross_attention.project(encoded.context_BXD))
            x_BAD, seen = layer(x_BAD, contexts[-1], encoded.context_mask_B1X, mask_1AA, is_counted_BA=is_counted_BA)
            seen_of_bos.append(KeysValues(*(part[:, :1].unsqueeze(2) for part in seen)))
        x_BAD = self.final_norm(x_BAD.float())
        states = None if code_BSL is None else x_BAD[:, 1:].unflatten(1, code_BSL.shape[1:])
        return Decoded(x_BAD[:, 0], states, contexts, seen_of_bos)

    def start(self, encoded: Encoded) -> Started:
        """What beams grow from."""
        decoded = self.decode(encoded)
        bos_BD = decoded.bos_BD
        root = Beams(torch.empty(len(bos_BD), 1, 0, dtype=torch.int32, device=bos_BD.device), decoded.seen_of_bos)
        recalled = self.recalled(bos_BD, encoded)
        return Started(encoded.context_mask_B1X, decoded.contexts, bos_BD, recalled, root)

    def extend(self, started: Started, beams: Beams, parent_BW: Tensor, code_BW: Tensor) -> tuple[Tensor, Beams]:
        """Outputs (B, W, D) of new codes after what their parents have, and these longer beams.

        All beams of a request look at one copy of its context.
        """
        beams = beams.of_parents(parent_BW)
        x_BWD = self.embed_code(code_BW, beams.prefix_BWl.shape[-1])
        longer = []
        for layer, context, past in zip(self.layers, started.contexts, beams.seen, strict=True):
            x_BWD, seen = layer(x_BWD, context, started.context_mask_B1X, past=past)
            longer.append(seen)
        prefix_BWl = torch.cat([beams.prefix_BWl, code_BW.unsqueeze(-1)], dim=-1)
        return self.final_norm(x_BWD.float()), Beams(prefix_BWl, longer)

    def child_logits(self, started: Started, state_BWD: Tensor, prefix_BWl: Tensor, children: Children) -> Tensor:
        """Logits (J) of the children alone. All codes' (B, W, K) are made for few requests at a time."""
        beams, size = state_BWD.shape[1], children.size
        at_once = max(1, LOGITS_AT_ONCE // (beams * size))
        parts = []
        for first in range(0, len(state_BWD), at_once):
            few = slice(first, first + at_once)
            logit_BWK = self.logits(state_BWD[few], started.of_requests(few).recalled, prefix_BWl[few])
            key_J = children.of_requests(few, beams).key_J
            parts.append(logit_BWK.flatten()[key_J])
        return torch.cat(parts)

    def score(self, started: Started, code_BWL: Tensor, children_of: list[Children], share_of: list[Tensor]) -> Tensor:
        """log p (B, W, L) of each code of given SIDs after the codes before it; -inf where it is no child.

        Of each level: the children of what comes before it (of <BOS> once a request, later of every beam), and their
        log shares of the popularity (J).
        """
        requests, width, levels = code_BWL.shape
        beams, state_BWD = started.root, started.bos_BD.unsqueeze(1)
        scores = []
        for level in range(levels):
            if level:
                itself_BW = torch.arange(width if level > 1 else 1, device=code_BWL.device).expand(requests, width)
                state_BWD, beams = self.extend(started, beams, itself_BW, code_BWL[..., level - 1])
            logit_J = self.child_logits(started, state_BWD, beams.prefix_BWl, children_of[level])
            log_p_J = children_of[level].log_softmax(logit_J + self.prior_L[level] * share_of[level])
            scores.append(children_of[level].find(log_p_J, code_BWL[..., level]))
        return torch.stack(scores, dim=-1)

    def point(self, bos_BD: Tensor, encoded: Encoded, batch: dict[str, Tensor]) -> Pointed:
        item_BP = batch["neighbour_item"]
        neighbour_BPD = self.items(encoded.rows, item_BP, batch["neighbour_code"])
        neighbours = Neighbours(item_BP, neighbour_BPD, batch["neighbour_score"])
        pointed: Pointed = self.pointer(bos_BD, encoded.request_BZ, encoded.history, neighbours)
        return pointed

    def query(self, state_BSD: Tensor, recalled: Recalled | None) -> Tensor:  # (B, S, D), unit
        with full_precision(state_BSD):
            query_BSD = self.user(state_BSD)
            if recalled is not None:
                query_BSD = query_BSD + self.item_tower.shortcut(recalled.content_BD).unsqueeze(1)
            return F.normalize(query_BSD, dim=-1)

    def forward(self, batch: dict[str, Tensor]) -> Outputs:
        """A training batch with the targets' codes as the teacher gives them."""
        config = self.config
        code_BSL, is_target_BS = batch["target_code"], batch["target_item"] >= 0
        levels = len(config.code_sizes)
        fed = levels - (config.contrastive_position == "bos")
        encoded = self.encode(batch)
        bos_BD, states_BSLD, *_ = self.decode(encoded, code_BSL[..., :fed], is_target_BS)
        assert states_BSLD is not None
        recalled = self.recalled(bos_BD, encoded)
        log_p = []
        for level in range(levels):
            state, prior = bos_BD.unsqueeze(1), batch["prior_0"].unsqueeze(1)
            if level:
                state, prior = states_BSLD[:, :, level - 1], batch[f"prior_{level}"]
                prior = prior.masked_fill(~is_target_BS.unsqueeze(-1), 0.0)
            logit = self.logits(state, recalled, code_BSL[:, : state.shape[1], :level])
            log_p.append(legal_log_softmax(logit, self.prior_L[level], prior))
        pointed = self.point(bos_BD, encoded, batch)
        query_BSD = candidate_CD = None
        if config.contrastive_weight:
            last = bos_BD.unsqueeze(1) if config.contrastive_position == "bos" else states_BSLD[:, :, -1]
            query_BSD = self.query(last, recalled)
            parts = self.items.parts(encoded.rows, batch["candidate_item"], batch["candidate_code"])
            candidate_CD = self.item_tower(parts)
        return Outputs(log_p, pointed, encoded.history.item_BT, query_BSD, candidate_CD, self.popularity_2)

    def losses(self, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        config = self.config
        items = len(self.items.item_vector_NV)
        settings = LossSettings(
            config.generator_weight, config.contrastive_weight, config.contrastive_temperature, items
        )
        return retriever_loss(self(batch), batch, settings)


class Retriever:
    """The network with its optimizer, its random state and the beams of the requests that were last started."""

    def __init__(self, config: RetrieverConfig, seed: int, device: torch.device) -> None:
        if config.experts > 1:
            check_widths(device, width=config.width, hidden=config.hidden)
        self.config = config
        self.device = device
        self.random = RandomState(seed, device)
        with self.random.lent():
            self.network = RetrieverNetwork(config).to(device)
        self.trainer = Trainer(
            self.network,
            self.random,
            weight_decay=config.weight_decay,
            betas=(config.beta1, config.beta2),
            max_gradient_norm=config.clip,
        )
        self._started: Started | None = None
        self._beams: Beams | None = None

    @classmethod
    def open(cls, config: dict[str, Any], seed: int, device: torch.device) -> Self:
        return cls(read_config(RetrieverConfig, config), seed, device)

    def feed(self, what: str, tensors: dict[str, Tensor]) -> None:
        """`items`: vector float32 (N, V), price float32 (N), with several scenarios also kind int32 (N).

        N is the catalogue's size now. It may be larger than `items` of the config, whose ids are trained: newer items
        are known by the rest.
        """
        if what != "items":
            raise ValueError(f"retriever: cannot feed {what!r}; expected 'items'")
        shapes = {"vector": f"float32 N {self.config.vector_width}", "price": "float32 N"}
        if self.config.scenarios > 1:
            shapes |= {"kind": "int32 N"}
        fed = require(tensors, **shapes)["N"]
        if fed < self.config.items:
            raise ValueError(f"retriever: expected {self.config.items} items or more, found {fed}")
        own = {name: tensors[name].to(self.device, copy=True) for name in shapes}
        self.network.items.feed(own["vector"], own["price"], own.get("kind"))

    def step(self, what: str, batch: dict[str, Tensor], settings: dict[str, Any]) -> dict[str, float]:
        """`pretrain`: one optimizer step. With a loss that is not finite, FloatingPointError: no weight changes."""
        expect_step(what, "pretrain")
        self.network.train()
        with self.random.lent():
            with precision(self.device):
                loss, parts = self.network.losses(self._batch(batch, has_targets=True))
            figures = self.trainer.step(loss, parts, settings["learning_rate"])
        violations = [m.update_balance() for m in self.network.modules() if isinstance(m, MixtureOfExperts)]
        return figures | ({"max_violation": max(violations)} if violations else {})

    @torch.no_grad()
    def infer(self, what: str, inputs: dict[str, Tensor], outputs: dict[str, Tensor]) -> dict[str, float]:
        """`start`, then `next` (beams), `score` (given SIDs); `tower` (item vectors), `measure` (losses), `sizes`."""
        calls = {"start": self._start, "next": self._next, "score": self._score, "tower": self._tower}
        calls |= {"measure": self._measure, "sizes": self._sizes}
        if what not in calls:
            raise ValueError(f"retriever: cannot infer {what!r}; expected one of {sorted(calls)}")
        self.network.eval()
        with precision(self.device):
            answers, figures = calls[what](inputs, outputs)
        for name, answer in answers.items():
            if answer.dim() > 1:
                answer = answer[:, : outputs[name].shape[1]]  # without the padding of an empty list
            outputs[name].copy_(answer)
        return figures

    def _start(self, inputs: Mapping[str, Tensor], _: Mapping[str, Tensor]) -> Answer:
        batch = self._batch(inputs, has_targets=False)
        network = self.network
        encoded = network.encode(batch)
        started = self._started = network.start(encoded)
        beams = self._beams = started.root
        bos_BD, recalled = started.bos_BD, started.recalled
        pointed = network.point(bos_BD, encoded, batch)
        answers = {
            "logits_0": network.logits(bos_BD.unsqueeze(1), recalled, beams.prefix_BWl).squeeze(1),
            "gate": pointed.gate_BG,
            "copy_history": pointed.history_BT,
            "copy_neighbour": pointed.neighbour_BP,
            "user": network.query(bos_BD.unsqueeze(1), recalled).squeeze(1),
            "tower_copy": pointed.tower_copy_BT,
        }
        figures = {f"alpha_{level}": alpha for level, alpha in enumerate(network.prior_L.tolist())}
        figures |= {f"popularity_weight_{place}": weight for place, weight in enumerate(network.popularity_2.tolist())}
        return answers, figures | {"tower_scale": 1.0 / self.config.contrastive_temperature}

    def _next(self, inputs: Mapping[str, Tensor], outputs: Mapping[str, Tensor]) -> Answer:
        """Beams that are one code longer: `parent` and `code` int32 (B, W); what may follow: `offset` int32 (B W + 1)
        and `child` int32 (J), row r = beam r's codes, rising. Into `logits_<level>` float32 (J)."""
        started, beams = self._started, self._beams
        if started is None or beams is None:
            raise ValueError("retriever: 'next' without 'start'; start a batch of requests first")
        level = beams.prefix_BWl.shape[-1] + 1
        if set(outputs) != {f"logits_{level}"}:
            raise ValueError(
                f"retriever: the beams have {level} codes, so logits_{level} is next; found {sorted(outputs)}"
            )
        requests = len(started.bos_BD)
        sizes = require(inputs, parent=f"int32 {requests} W", code=f"int32 {requests} W", child="int32 J")
        children = self._children(inputs, "", level, requests * sizes["W"])
        code_BW = inputs["code"].to(self.device)
        parent_BW = inputs["parent"].to(self.device).long() * (level > 1)  # <BOS> is the only parent of the first
        state_BWD, self._beams = self.network.extend(started, beams, parent_BW, code_BW)
        return {f"logits_{level}": self.network.child_logits(started, state_BWD, self._beams.prefix_BWl, children)}, {}

    def _score(self, inputs: Mapping[str, Tensor], outputs: Mapping[str, Tensor]) -> Answer:
        """log p of each code of given SIDs, `code` int32 (B, W, L), after the codes before it, into `log_p` float32
        (B, W, L); -inf where it isn't legal there. What is legal comes by level, as for `next`: `offset_<level>` and
        `child_<level>` with a row a request at level 0, a row a SID later, and `share_<level>` float32 (J), the
        children's log shares of the popularity. Beams stay as they are."""
        started, levels = self._started, len(self.config.code_sizes)
        if started is None:
            raise ValueError("retriever: 'score' without 'start'; start a batch of requests first")
        requests = len(started.bos_BD)
        shape = f"{requests} W {levels}"
        sizes = require({**inputs, **outputs}, code=f"int32 {shape}", log_p=f"float32 {shape}")
        shares, children_of = [], []
        for level in range(levels):
            children_of.append(self._children(inputs, f"_{level}", level, requests * (sizes["W"] if level else 1)))
            require(inputs, **{f"share_{level}": f"float32 {len(children_of[-1].key_J)}"})
            shares.append(inputs[f"share_{level}"].to(self.device))
        code_BWL = inputs["code"].to(self.device)
        at_once = max(1, SEEN_AT_ONCE // (sizes["W"] * levels * self.config.width * 2 * self.config.layers))
        parts = []
        for first in range(0, requests, at_once):
            few = slice(first, first + at_once)
            some = [each.of_requests(few, sizes["W"] if level else 1) for level, each in enumerate(children_of)]
            share_of = [share[each.taken] for share, each in zip(shares, some, strict=True)]
            parts.append(self.network.score(started.of_requests(few), code_BWL[few], some, share_of))
        return {"log_p": torch.cat(parts)}, {}

    def _children(self, inputs: Mapping[str, Tensor], ending: str, level: int, rows: int) -> Children:
        offset, child = f"offset{ending}", f"child{ending}"
        require(inputs, **{offset: f"int32 {rows + 1}", child: "int32 J"})
        return Children.of(inputs[offset].to(self.device), inputs[child].to(self.device), self.config.code_sizes[level])

    def _tower(self, items: Mapping[str, Tensor], _: Mapping[str, Tensor]) -> Answer:
        require(items, item="int32 N", code=f"int32 N {len(self.config.code_sizes)}")
        item_C = items["item"].to(self.device)
        parts = self.network.items.parts(self.network.items.rows(item_C), item_C, items["code"].to(self.device))
        return {"vector": self.network.item_tower(parts)}, {}

    def _measure(self, batch: Mapping[str, Tensor], _: Mapping[str, Tensor]) -> Answer:
        loss, parts = self.network.losses(self._batch(batch, has_targets=True))
        return {}, {"loss": loss.item()} | {name: part.item() for name, part in parts.items()}

    def _sizes(self, _: Mapping[str, Tensor], __: Mapping[str, Tensor]) -> Answer:
        """Parameters: all, and those that one token meets."""
        total = sum(parameter.numel() for parameter in self.network.parameters())
        idle = sum(
            module.idle_parameters() for module in self.network.modules() if isinstance(module, MixtureOfExperts)
        )
        return {}, {"total": float(total), "active": float(total - idle)}

    def _batch(self, batch: Mapping[str, Tensor], has_targets: bool) -> dict[str, Tensor]:
        """Checked, on the device."""
        if len(self.network.items.item_vector_NV) == 0:
            raise ValueError("retriever: feed `items` before the first step or inference")
        levels = len(self.config.code_sizes)
        shapes = {"request": f"float32 B {REQUEST_FEATURES}", "neighbour_item": "int32 B P"}
        shapes |= {"neighbour_code": f"int32 B P {levels}", "neighbour_score": "float32 B P"}
        for place, name in enumerate(self.config.behaviors):
            shapes |= {f"{name}_item": f"int32 B T{place}", f"{name}_code": f"int32 B T{place} {levels}"}
            shapes |= {f"{name}_feature": f"float32 B T{place} {HISTORY_FEATURES}"}
            shapes |= {f"{name}_offered": f"uint8 B T{place}"}
            if self.config.subject:
                shapes |= {f"{name}_product": f"int32 B T{place}"}
        if has_targets:
            shapes |= {"target_item": "int32 B S", "target_code": f"int32 B S {levels}", "target_weight": "float32 B S"}
            shapes |= {"target_candidate": "int32 B S", "prior_0": f"float32 B {self.config.code_sizes[0]}"}
            shapes |= {f"prior_{level}": f"float32 B S {self.config.code_sizes[level]}" for level in range(1, levels)}
            shapes |= {"candidate_item": "int32 C", "candidate_code": f"int32 C {levels}"}
            shapes |= {"candidate_popularity": "float32 B C 2", "candidate_known": "uint8 B C"}
            shapes |= {"candidate_log_q": "float32 C"}
        sizes = require(batch, **shapes)
        if sizes["P"] > self.config.neighbours:
            raise ValueError(
                f"retriever: {sizes['P']} neighbours; expected at most `neighbours` = {self.config.neighbours}"
            )
        return {name: _not_empty(name, batch[name].to(self.device)) for name in shapes}

    def copy_from(self, other: Self) -> None:
        """Weights. Fed items stay; beams are to be started anew."""
        self.trainer.copy_from(other.trainer)
        self._started = self._beams = None

    def save(self, path: str, training: bool) -> None:
        """One safetensors file; with `training` also optimizer and random state, for a resume to the same bits (CPU,
        same thread count)."""
        self.trainer.save(path, training, {"kind": "retriever", "config": asdict(self.config)})

    def load(self, path: str, training: bool) -> None:
        """Reads what `save` wrote with the same `training`. Fed items and beams are not part of the file."""
        self.trainer.load(path, training)
        self._started = self._beams = None


def _not_empty(name: str, tensor: Tensor) -> Tensor:
    """A batch whose lists (B, 0, ...) are all empty gets one place of padding."""
    if tensor.dim() < 2 or tensor.shape[1]:
        return tensor
    return tensor.new_full((len(tensor), 1, *tensor.shape[2:]), -1 if name.endswith(("_item", "_product")) else 0)
