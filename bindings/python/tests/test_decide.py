"""Loading rulebooks and deciding about single records."""

import datetime as dt
import doctest
import pickle
from decimal import Decimal

import pytest

import rulebook

POLICY = """
record Order {
  id: text
  amount: CNY
  score: number?
  placed_at: time
  tags: list of text = []
  patience: duration?
}

parameter limit: CNY = 200 CNY

policy refunds for Order dated by placed_at {
  decide refund: yes < no by strictest otherwise yes because "nothing speaks against it"
  decide fee: CNY by total otherwise 0 CNY
  decide share: number by largest
  decide until: time by first
  decide flags: text by union
  decide hold: bool by first otherwise false

  rule large {
    from 2024-09-01
    when amount > limit
    then refund = no, fee = 1.5 CNY, share = 0.25, until = placed_at + 2 days, flags = "large", hold = true
    require call within 48 hours
    because "{amount} is more than {limit}"
  }
  rule poor { when score is present and 1 / score > 2 then refund = no, flags = "poor" }
}
"""


@pytest.fixture(scope="module")
def book():
    settings = "name: shop\nversion: '3'\nzone: Asia/Shanghai\n"
    return rulebook.Rulebook.from_texts({"rulebook.yaml": settings, "a.policy": POLICY.encode()})


@pytest.fixture(scope="module")
def policy(book):
    return book.policy("refunds").replaying()


ORDER = {"id": "o1", "amount": 300, "placed_at": "2024-09-12T08:00:00"}


def test_a_rulebook_tells_its_name_and_what_it_was_made_from(book):
    assert (book.name, book.version, book.policies) == ("shop", "3", ["refunds"])
    assert book.texts["a.policy"] == POLICY.encode()
    assert rulebook.Rulebook.from_texts(book.texts).digest == book.digest
    assert "shop 3" in repr(book)


def test_outcomes_have_the_types_of_python(policy):
    decision = policy.decide(ORDER)
    zone = dt.timezone(dt.timedelta(hours=8))
    assert decision.outcomes == {
        "refund": "no",
        "fee": Decimal("1.50"),
        "share": Decimal("0.25"),
        "until": dt.datetime(2024, 9, 14, 8, tzinfo=zone),
        "flags": ["large"],
        "hold": True,
    }
    assert decision["fee"].as_tuple().exponent == -2
    assert (decision.id, decision.policy, decision.rules) == ("o1", "refunds", ["large"])
    assert decision.reasons == ["CNY 300.00 is more than CNY 200.00"]
    due = dt.datetime(2024, 9, 14, 8, tzinfo=zone)
    assert decision.obligations == [{"name": "call", "rule": "large", "due": due}]
    assert decision.dated == dt.datetime(2024, 9, 12, 8, tzinfo=zone)
    with pytest.raises(KeyError):
        decision["refunds"]


def test_what_nothing_decides_is_none(policy):
    decision = policy.decide(ORDER | {"amount": 5})
    assert decision["share"] is None and decision["until"] is None and decision["flags"] == []


def test_a_fault_is_told_and_fails_nothing(policy):
    decision = policy.decide(ORDER | {"amount": 5, "score": 0})
    assert decision["refund"] is None
    assert {fault.get("rule") for fault in decision.faults} >= {"poor"}


@pytest.mark.parametrize(
    "amount", [300, 300.0, "300", Decimal("300.00"), {"amount": "300", "currency": "CNY"}]
)
def test_numbers_come_in_many_forms(policy, amount):
    assert policy.decide(ORDER | {"amount": amount})["refund"] == "no"


def test_times_come_in_many_forms(policy):
    told = policy.decide(ORDER).to_json()
    naive = dt.datetime(2024, 9, 12, 8)
    aware = dt.datetime(2024, 9, 12, 0, tzinfo=dt.timezone.utc)
    for time in (naive, aware, aware.isoformat()):
        assert policy.decide(ORDER | {"placed_at": time}).to_json() == told
    patient = ORDER | {"patience": dt.timedelta(days=1, microseconds=5)}
    assert policy.decide(patient).to_json() == told


def test_numpy_values_are_those_of_python(policy):
    numpy = pytest.importorskip("numpy")
    order = ORDER | {"amount": numpy.int64(300), "tags": numpy.array(["a", "b"])}
    assert policy.decide(order).to_json() == policy.decide(ORDER).to_json()


def test_every_problem_of_a_record_is_told(policy):
    with pytest.raises(rulebook.Rejection) as rejected:
        policy.decide({"id": "o1", "amount": "ten", "placed_at": "2024-02-30", "tags": [1]})
    errors = rejected.value.errors
    assert [(error["path"], error["code"]) for error in errors] == [
        ("amount", "wrong-type"),
        ("placed_at", "bad-time"),
        ("tags[0]", "wrong-type"),
    ]
    for error in errors:
        assert error["message"] in str(rejected.value)


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), 10**40, Decimal("NaN"), object(), {1}])
def test_what_is_no_number_is_rejected_with_its_path(policy, amount):
    with pytest.raises(rulebook.Rejection) as rejected:
        policy.decide(ORDER | {"amount": amount})
    assert [error["path"] for error in rejected.value.errors] == ["amount"]


def test_a_list_that_holds_itself_is_rejected(policy):
    endless = []
    endless.append(endless)
    with pytest.raises(rulebook.Rejection, match="nest too deep"):
        policy.decide(ORDER | {"tags": endless})


def test_what_no_record_declares_is_not_looked_at(policy):
    assert policy.decide(ORDER | {"surprise": object()})["refund"] == "no"


def test_dictionary_text_and_bytes_are_decided_alike(policy):
    import json

    told = {policy.decide(form).to_json() for form in (ORDER, json.dumps(ORDER), json.dumps(ORDER).encode())}
    assert len(told) == 1
    assert json.loads(told.pop()) == policy.decide(ORDER).to_dict()


def test_parameters_and_times_can_be_set(book):
    cheap = rulebook.Rulebook.from_texts(book.texts, set={"limit": 500})
    assert cheap.digest != book.digest
    assert cheap.policy("refunds").replaying().decide(ORDER)["refund"] == "yes"
    early = ORDER | {"placed_at": "2024-08-31T23:59:59"}
    assert book.policy("refunds").replaying().decide(early)["refund"] == "yes"
    judged = book.policy("refunds").at(dt.date(2024, 9, 12)).decide(ORDER)
    assert judged.now.isoformat() == "2024-09-12T00:00:00+08:00"
    with pytest.raises(ValueError, match="is not a time"):
        book.policy("refunds").at("soon")


def test_an_explanation_tells_why(policy):
    told = policy.explain(ORDER)
    assert "refund = no" in told and "large: fired" in told
    decided = policy.decide(ORDER)
    told = decided.explanation()
    refund = told["decisions"][0]
    assert (refund["value"], refund["value_told"]) == (decided.to_dict()["decisions"]["refund"], "no")


def test_errors_of_a_rulebook_are_drawn():
    with pytest.raises(rulebook.LoadError) as refused:
        rulebook.Rulebook.from_texts({"a.policy": POLICY.replace("200 CNY", "200")})
    assert "a.policy:11:24" in str(refused.value) and "━━━" in str(refused.value)
    with pytest.raises(rulebook.LoadError, match="cannot read"):
        rulebook.Rulebook.load("no/such/folder")


def test_names_that_do_not_exist_are_refused(book):
    with pytest.raises(rulebook.UnknownPolicy, match="refunds"):
        book.policy("refund")
    with pytest.raises(ValueError, match="no texts in `xx`"):
        book.policy("refunds").in_language("xx")
    with pytest.raises(rulebook.LoadError, match="limit"):
        rulebook.Rulebook.from_texts(book.texts, set={"limt": 5})
    with pytest.raises(ValueError, match="UTF-8"):
        rulebook.Rulebook.from_texts({"a.policy": b"\xff"})


def test_policies_travel_by_pickle(book, policy):
    times = ("2024-09-12T08:00:00.000000001", "2019-01-01")
    timed = (book.policy("refunds").at(times[0]), book.policy("refunds").replaying_as_of(times[1]))
    assert [policy.decide(ORDER)["refund"], timed[1].decide(ORDER)["refund"]] == ["no", "yes"]
    for sent in (policy, *timed):
        arrived = pickle.loads(pickle.dumps(sent))
        assert repr(arrived) == repr(sent)
        assert arrived.decide(ORDER).to_dict() | {"now": 0} == sent.decide(ORDER).to_dict() | {"now": 0}


def test_a_rulebook_that_changed_on_its_way_does_not_arrive(book):
    arrive, (texts, *rest) = book.__reduce__()
    changed = [(path, text.replace("200 CNY", "201 CNY")) for path, text in texts]
    from rulebook import _travel

    _travel._arrived.clear()
    with pytest.raises(rulebook.TravelError) as refused:
        arrive(changed, *rest)
    assert book.digest in str(refused.value)
    with pytest.raises(rulebook.TravelError, match="0.0.1"):
        arrive(texts, *rest[:-1], "0.0.1")


def test_profiles_and_histories_stay_where_they_are():
    book = rulebook.Rulebook.from_texts({
        "a.policy": """
        record Shop { id: text  score: number }
        record Order { shop_id: text  at: time  shop: Shop by shop_id }
        counter orders = count of Order by shop_id within 30 days
        policy trust for Order dated by at {
          decide trusted: bool by first otherwise false
          rule good { when shop.score >= 4.8 and orders >= 1 then true }
        }"""
    })
    joined = book.with_profiles({"Shop": [{"id": "s1", "score": 4.9}]})
    history = rulebook.History()
    policy = joined.policy("trust").with_history(history).replaying()
    order = {"shop_id": "s1", "at": "2024-09-12"}
    assert policy.decide(order, remember=True)["trusted"] is False
    assert policy.decide(order | {"at": "2024-09-13"})["trusted"] is True
    assert len(history) == 1
    for staying in (joined, policy):
        with pytest.raises(TypeError, match="travel"):
            pickle.dumps(staying)
    with pytest.raises(rulebook.ProfileError):
        book.with_profiles({"Shopp": []} | {"Shopp": [{}]})


def test_profiles_hold_for_a_time():
    book = rulebook.Rulebook.from_texts({
        "a.policy": """
        record Host valid from since { id: text  grade: number  since: date }
        record Stay { host_id: text  host: Host by host_id  at: date }
        policy trust for Stay dated by at {
          decide trusted: bool by first otherwise false
          rule good { when host.grade >= 4.8 then true }
        }"""
    })
    hosts = [{"id": "h", "grade": 4, "since": "2024-02-01"}, {"id": "h", "grade": 5, "since": "2025-01-01"}]
    policy = book.with_profiles({"Host": hosts}).policy("trust")
    assert policy.decide({"host_id": "h", "at": "2024-12-31"})["trusted"] is False
    assert policy.decide({"host_id": "h", "at": "2025-01-01"})["trusted"] is True
    with pytest.raises(rulebook.Rejection, match="as of 2024-01-31"):
        policy.decide({"host_id": "h", "at": "2024-01-31"})
    with pytest.raises(rulebook.ProfileError, match="same key"):
        book.with_profiles({"Host": [hosts[0], hosts[0]]})


def documented():
    """Everything whose documentation may hold examples."""
    yield "rulebook", rulebook
    for name in rulebook.__all__:
        thing = getattr(rulebook, name)
        yield name, thing
        yield from ((f"{name}.{part}", value) for part, value in vars(thing).items()) if isinstance(thing, type) else ()


def test_the_examples_of_the_documentation_are_true():
    ran = 0
    for name, thing in documented():
        text = getattr(thing, "__doc__", None) or ""
        example = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
        results = doctest.DocTestRunner().run(example)
        assert results.failed == 0, name
        ran += bool(example.examples)
    assert ran == 8


LINES = """
record Line { sku: text  price: EUR  opened: bool = false }
record Order { id: text  lines: list of Line }
policy line_returns for each line in Order.lines {
  decide refund: yes | no by first otherwise no because "{line.sku} stays"
  rule sealed { when not line.opened then yes because "{line.sku} is sealed" }
}
"""


def test_each_element_has_a_decision():
    policy = rulebook.Rulebook.from_texts({"a.policy": LINES}).policy("line_returns")
    lines = [{"sku": "mug", "price": 12, "opened": True}, {"sku": "pan", "price": "39.90"}]
    decisions = policy.decide_each({"id": "o7", "lines": lines})
    told = [(d.id, d.position, d.element, d["refund"], d.reasons) for d in decisions]
    assert told == [
        ("o7", 1, "mug", "no", ["mug stays"]),
        ("o7", 2, "pan", "yes", ["pan is sealed"]),
    ]
    assert policy.decide_each('{"id": "o8", "lines": []}') == []
    with pytest.raises(rulebook.Rejection) as rejected:
        policy.decide_each({"id": "o9", "lines": [{"sku": "mug"}]})
    assert rejected.value.errors[0]["path"] == "lines[0].price"
    with pytest.raises(ValueError, match="decides about each line in Order.lines"):
        policy.decide({"id": "o7", "lines": lines})
