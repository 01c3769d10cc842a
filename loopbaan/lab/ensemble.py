"""Many runs of one scenario, each with its own chance and its own draw of every assumption.

One run is a story; the band of many is what can be said. A member is a seed and one draw of that
seed: a pure function of its job, so any executor gives the same bytes. Each is kept as one small
file, put in place when it is whole: what was stopped goes on where it was.
"""

import io
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from loopbaan import __version__
from loopbaan.lab import bands, population, running, scenario, stamps
from loopbaan.lab import fitted as fits
from loopbaan.lab.figures import KEYS, VALUE
from loopbaan.lab.member import PEOPLE_SEED, Job, file_name, in_bytes, member
from loopbaan.lab.scenario import Scenario
from loopbaan.law.checks import UnreadableFile

ABOUT, MEMBERS = "ensemble.json", "members"
BANDS, DRAWS = "bands", "draws"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Ensemble:
    """What many runs say.

    `bands` has a row a figure: `KEYS`, low, central (the median), high, and in how many `runs` it
    was there. `draws` has a row a member: seed, draw, and the value of every assumption. `values`
    has a row a figure and a member.
    """

    about: dict[str, str | int | float]
    bands: pl.DataFrame
    draws: pl.DataFrame
    values: pl.DataFrame


def run(
    name: str | Path,
    seeds: int = 100,
    *,
    draws: int = 1,
    share: float | None = None,
    cache: Path | None = None,
    folder: Path | None = None,
    executor: Executor | None = None,
    tell: Tell | None = None,
) -> pl.DataFrame:
    """Play a scenario with many seeds and draws, and return the band of every figure.

    `executor` is anything that takes jobs as `concurrent.futures` does, such as that of a Dask
    client; left out, every core of this machine works.
    """
    return play(
        scenario.load(name),
        seeds=range(1, seeds + 1),
        draws=draws,
        share=share,
        cache=cache,
        folder=folder,
        executor=executor,
        tell=tell,
    ).bands


def play(
    chosen: Scenario,
    *,
    seeds: Sequence[int],
    draws: int = 1,
    share: float | None = None,
    cache: Path | None = None,
    folder: Path | None = None,
    executor: Executor | None = None,
    at_once: int | None = None,
    commit: str = __version__,
    tell: Tell | None = None,
) -> Ensemble:
    """Play an ensemble. With a folder each member is kept there, and those that are there are read.

    `draws` is how many draws each seed plays; 0: the central values, so that only chance is left.
    `at_once` is how many members are given out together.

    Raises:
        NoPopulation: the share cannot be used.
        UnreadableFile: the folder holds another ensemble, or something else.

    """
    say = tell or (lambda _: None)
    if folder is not None:
        _refuse_what_is_no_ensemble(folder)
    part = chosen.population_percent / 100 if share is None else share
    place = cache or running.default_cache()
    people = population.population(PEOPLE_SEED, part, place)
    jobs = [
        Job(chosen, seed, number, part, PEOPLE_SEED, people.hash, place.resolve())
        for seed in seeds
        for number in (range(1, draws + 1) if draws else (bands.CENTRAL,))
    ]
    marks = stamps.of(chosen, people)
    if folder is not None:
        _open(folder, marks)
    done = _kept(jobs, folder)
    say(f"{chosen.name}: {len(jobs)} runs, {len(done)} of them there already")
    missing = [job for job in jobs if job.name not in done]
    if executor is not None:
        done |= _all_of(missing, executor, at_once or os.cpu_count() or 1, folder, say)
    elif missing:
        with workers() as own:
            done |= _all_of(missing, own, at_once or os.cpu_count() or 1, folder, say)
    about = {**marks, "runs": len(jobs), "seeds": len(seeds), "draws": draws, "commit": commit}
    found = _together(about, jobs, done)
    if folder is not None:
        _write(found, folder)
    return found


def workers(count: int | None = None) -> ProcessPoolExecutor:
    """Return processes on this machine, each forked from one that has read the code and no more.

    They map the population from the same file, so it is in memory once. Ctrl-C is the caller's.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["loopbaan.lab.ensemble"])
    return ProcessPoolExecutor(count or os.cpu_count(), context, _begin_worker)


def read(folder: Path) -> Ensemble:
    """Read an ensemble back that was played to its end.

    Raises:
        UnreadableFile: the folder holds none.

    """
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        found, draws = (pl.read_parquet(folder / f"{name}.parquet") for name in (BANDS, DRAWS))
        members = draws.select("seed", "draw").iter_rows()
        values = _laid_over((folder / MEMBERS / file_name(*each)).read_bytes() for each in members)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UnreadableFile(
            f"{folder}: holds no ensemble that ended ({error});"
            f" play it with loopbaan lab ensemble NAME --out {folder}"
        ) from None
    return Ensemble(about, found, draws, values)


def keep(folder: Path, name: str, content: pl.DataFrame | str) -> None:
    """Write a table (Parquet or CSV, by the name) or a text beside an ensemble, whole or not."""
    if isinstance(content, str):
        _put(folder / name, content.encode())
    elif name.endswith(".csv"):
        _put(folder / name, content.write_csv().encode())
    else:
        _put(folder / name, in_bytes(content))


def band(values: pl.DataFrame) -> pl.DataFrame:
    """Return low, central and high of each figure, in the order in which the figures came."""
    value = pl.col(VALUE)
    return values.group_by(KEYS, maintain_order=True).agg(
        low=value.quantile(bands.LOW, "linear"),
        central=value.median(),
        high=value.quantile(bands.HIGH, "linear"),
        runs=pl.len().cast(pl.Int32),
    )


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Every core has its own run: threads inside one would only stand in each other's way.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


def _all_of(
    jobs: list[Job], executor: Executor, at_once: int, folder: Path | None, say: Tell
) -> dict[str, bytes]:
    """Play members and keep each as soon as it is there. Ctrl-C lets those under way end first."""
    done: dict[str, bytes] = {}
    began = time.perf_counter()
    waiting = iter(jobs)
    under_way: dict[Future[bytes], Job] = {}
    try:
        while True:
            for job in waiting:
                under_way[executor.submit(member, job)] = job
                if len(under_way) >= at_once:
                    break
            if not under_way:
                return done
            _collect(under_way, done, folder)
            left = len(jobs) - len(done)
            seconds = (time.perf_counter() - began) / max(len(done), 1) * left
            say(f"{len(done)} of {len(jobs)} runs, about {seconds:.0f} s to go")
    except KeyboardInterrupt:
        say(f"stopping: runs under way ({len(under_way)}) end first; Ctrl-C again leaves them")
        while under_way:
            _collect(under_way, done, folder)
        say(f"{len(done)} of {len(jobs)} runs are kept; the same command goes on with the others")
        raise


def _collect(
    under_way: dict[Future[bytes], Job], done: dict[str, bytes], folder: Path | None
) -> None:
    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
        job, content = under_way[future], future.result()
        if folder is not None:
            _put(folder / MEMBERS / job.name, content)
        done[job.name] = content
        del under_way[future]


def _open(folder: Path, marks: dict[str, str | int | float]) -> None:
    """Make the folder, or find in it members of the same ensemble."""
    about = folder / ABOUT
    if not about.exists():
        (folder / MEMBERS).mkdir(parents=True, exist_ok=True)
        _put(about, _json(marks))
        return
    there = json.loads(about.read_text("utf-8"))
    other = [name for name in marks if there.get(name) != marks[name]]
    if other:
        raise UnreadableFile(
            f"{folder}: holds runs of another ensemble ({', '.join(other)} differ);"
            " name a new folder"
        )


def _refuse_what_is_no_ensemble(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UnreadableFile(f"{folder}: is a file; name a new folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / ABOUT).exists():
        raise UnreadableFile(f"{folder}: holds something that is no ensemble; name a new folder")


def _kept(jobs: list[Job], folder: Path | None) -> dict[str, bytes]:
    if folder is None:
        return {}
    files = {job.name: folder / MEMBERS / job.name for job in jobs}
    return {name: file.read_bytes() for name, file in files.items() if file.exists()}


def _together(
    about: dict[str, str | int | float], jobs: list[Job], done: dict[str, bytes]
) -> Ensemble:
    values = _laid_over(done[job.name] for job in jobs)
    known = fits.fitted().values
    draws = pl.DataFrame(
        [
            {"seed": job.seed, "draw": job.draw, **bands.draw(job.seed, job.draw, known).values}
            for job in jobs
        ]
    )
    return Ensemble(about, band(values), draws, values)


def _laid_over(contents: Iterator[bytes]) -> pl.DataFrame:
    """Return the figures of all members below each other; `member` counts from 0."""
    tables = [
        pl.read_parquet(io.BytesIO(content)).with_columns(
            member=pl.lit(place, pl.Int32), order=pl.int_range(pl.len(), dtype=pl.Int32)
        )
        for place, content in enumerate(contents)
    ]
    # Figure by figure, each in the order of the members.
    return pl.concat(tables).sort("order", "member", maintain_order=True).drop("order")


def _write(found: Ensemble, folder: Path) -> None:
    keep(folder, f"{BANDS}.parquet", found.bands)
    keep(folder, f"{BANDS}.csv", found.bands)
    keep(folder, f"{DRAWS}.parquet", found.draws)
    _put(folder / ABOUT, _json(found.about))


def _json(about: dict[str, str | int | float]) -> bytes:
    return (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode()


def _put(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(file)
