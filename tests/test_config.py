"""Settings: found upwards, and every mistake in them named."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.config import find_config
from harness.errors import ConfigError


def config_of(folder: Path, text: str | bytes, name: str = "harness.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_defaults(tmp_path: Path) -> None:
    source = config_of(tmp_path, "")
    config = find_config(tmp_path)
    assert (config.source, config.root) == (source, tmp_path)
    assert config.corpus == tmp_path / "corpus"
    assert config.snapshots == tmp_path / "snapshots"
    assert config.pending == tmp_path / ".harness" / "pending"
    assert config.run_file == tmp_path / ".harness" / "run.json"
    assert config.extractors == ("extractors",)
    assert config.fields == {}


def test_the_nearest_configuration_above_is_taken_and_its_folders_are_its_own(
    tmp_path: Path,
) -> None:
    config_of(tmp_path, "[tool.harness]\ncorpus = 'far'\n", "pyproject.toml")
    near = config_of(tmp_path, "[tool.harness]\ncorpus = 'near'\n", "a/pyproject.toml")
    config_of(tmp_path, "[tool.ruff]\n", "a/b/pyproject.toml")
    (tmp_path / "a/b/c").mkdir()
    config = find_config(tmp_path / "a/b/c")
    assert config.source == near
    assert config.corpus == tmp_path / "a" / "near"


def test_harness_toml_goes_before_pyproject_toml_of_the_same_folder(tmp_path: Path) -> None:
    config_of(tmp_path, "[tool.harness]\n", "pyproject.toml")
    own = config_of(tmp_path, "corpus = '../shared'")
    assert find_config(tmp_path).source == own
    assert find_config(tmp_path).corpus == tmp_path / ".." / "shared"


def test_limits_and_external_extractors_are_read(tmp_path: Path) -> None:
    config_of(
        tmp_path,
        "timeout = 5\nmemory = 512\nnetwork = true\nisolate = true\nworkers = 3\n"
        "[external.x]\ncommand = ['node', 'x.mjs']\n",
    )
    config = find_config(tmp_path)
    assert (config.timeout, config.memory, config.workers) == (5.0, 512, 3)
    assert config.network and config.isolate
    assert config.external == {"x": {"command": ["node", "x.mjs"]}}


def test_no_configuration_at_all_says_what_to_run(tmp_path: Path) -> None:
    config_of(tmp_path, "[tool.ruff]\n", "pyproject.toml")
    with pytest.raises(ConfigError, match=r"at or above .*; run `harness init` there"):
        find_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("corpsu = 'x'", "unknown key 'corpsu'; did you mean 'corpus'?"),
        ("extractor = []", "unknown key 'extractor'; did you mean 'extractors'?"),
        ("zzz = 1", "unknown key 'zzz'; keys are corpus, snapshots, state, extractors, fields"),
        ("[tool.harness]\n", "unknown key 'tool'; in a harness.toml, the keys stand at the top"),
        ("corpus = 3", "'corpus' is the path of a folder, not 3"),
        ("state = ''", "'state' is the path of a folder, not ''"),
        ("extractors = 'extractors'", "'extractors' is a list of modules"),
        ("extractors = 5", "'extractors' is a list of modules"),
        ("extractors = [1]", "'extractors' is a list of modules"),
        ("extractors = ['']", "'extractors' is a list of modules"),
        ("extractors = {a = 'b'}", "'extractors' is a list of modules"),
        ("fields = 'title'", "'fields' is a table of field names and their kinds"),
        ("fields = {title = 'txt'}", "field 'title' has kind 'txt'; kinds are text, paragraphs"),
        ("fields = {title = ['text']}", "field 'title' has kind ['text']; kinds are"),
        ("roles = {kop = 'headline'}", "field 'kop' has role 'headline'; roles are title, byline"),
        ("roles = {kop = ''}", "field 'kop' has role ''; roles are"),
        ("invariants = 'rules'", "'invariants' is a list of modules, folders or files"),
        ("ignore = 'glued'", "'ignore' is a list of invariants' names"),
        ("timeuot = 3", "unknown key 'timeuot'; did you mean 'timeout'?"),
        ("timeout = 0", "'timeout' is a number of seconds above 0, not 0"),
        ("timeout = -2.5", "'timeout' is a number of seconds above 0, not -2.5"),
        ("timeout = inf", "'timeout' is a number of seconds above 0, not inf"),
        ("timeout = nan", "'timeout' is a number of seconds above 0, not nan"),
        ("timeout = true", "'timeout' is a number of seconds above 0, not True"),
        ("timeout = '30 s'", "'timeout' is a number of seconds above 0, not '30 s'"),
        ("memory = 0", "'memory' is a number of MiB, at least 1, not 0"),
        ("memory = 1.5", "'memory' is a number of MiB, at least 1, not 1.5"),
        ("workers = -1", "'workers' is a number of processes, 0 for one a core, at least 0"),
        ("workers = false", "'workers' is a number of processes, 0 for one a core, at least 0"),
        ("network = 1", "'network' is true or false, not 1"),
        ("isolate = 'yes'", "'isolate' is true or false, not 'yes'"),
        ("external = 'node'", "'external' is a table of tables, one an extractor"),
        ("external = {x = 1}", "'external' is a table of tables, one an extractor"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_what_is_allowed(
    tmp_path: Path, text: str, problem: str
) -> None:
    source = config_of(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        find_config(tmp_path)
    assert str(refused.value).startswith(f"{source}: {problem}")
    assert "\n" not in str(refused.value)


def test_a_pyproject_whose_tool_is_no_table_configures_nothing(tmp_path: Path) -> None:
    config_of(tmp_path, "tool = 'hammer'", "pyproject.toml")
    with pytest.raises(ConfigError, match=r"no \[tool\.harness\]"):
        find_config(tmp_path)
    config_of(tmp_path, "[tool]\nharness = 1", "pyproject.toml")
    with pytest.raises(ConfigError, match="is a table"):
        find_config(tmp_path)


@pytest.mark.parametrize("text", [b"corpus = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_broken_toml_is_named(tmp_path: Path, text: bytes) -> None:
    source = config_of(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        find_config(tmp_path)
    assert str(refused.value).startswith(f"{source} is not valid TOML: ")


def test_a_configuration_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = config_of(tmp_path, "")

    def forbidden(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", forbidden)
    with pytest.raises(ConfigError, match=f"cannot read {source}: Permission denied"):
        find_config(tmp_path)
