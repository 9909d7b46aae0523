"""Work beside the window: functions run one after the other in a thread, their results come back to the window's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..core.foundation.errors import Cancelled
from ..core.foundation.progress import Progress


class Job(Progress):
    """One call: its progress, which asks to stop when it is no longer wanted."""

    def __init__(self, owner: Background, key: str):
        self.key, self.wanted, self._owner = key, True, owner

    def cancelled(self) -> bool:
        return not self.wanted

    def partly(self, result) -> None:
        """Hand over a part of the result, from the thread."""
        self._owner.arrived.emit(self, "part", result)


class Background(QObject):
    """Runs jobs in one thread. A job replaces the job of the same ``key`` that has not ended."""

    arrived = pyqtSignal(object, str, object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="annsm-explorer")
        self._jobs: dict[str, Job] = {}
        self._then: dict[Job, tuple] = {}
        self.arrived.connect(self._arrived)

    def run(self, key: str, work, then, failed, part=None) -> Job:
        """Call ``work(job)`` in the thread; ``then(result)``, ``failed(error)`` and ``part(result)`` in the window's."""
        self.drop(key)
        job = Job(self, key)
        self._jobs[key], self._then[job] = job, (then, failed, part)

        def go():
            if not job.wanted:
                return
            try:
                result = work(job)
            except Cancelled:
                return
            except BaseException as error:  # told in the window
                self.arrived.emit(job, "error", error)
            else:
                self.arrived.emit(job, "done", result)

        self._pool.submit(go)
        return job

    def drop(self, key: str) -> None:
        """A job is no longer wanted."""
        job = self._jobs.pop(key, None)
        if job is not None:
            job.wanted = False
            self._then.pop(job, None)

    def busy(self) -> bool:
        """Whether a job has not ended."""
        return bool(self._jobs)

    def _arrived(self, job: Job, what: str, result) -> None:
        calls = self._then.get(job)
        if calls is None:
            return
        then, failed, part = calls
        if what == "part":
            if part is not None:
                part(result)
            return
        self._jobs.pop(job.key, None)
        self._then.pop(job, None)
        (failed if what == "error" else then)(result)

    def close(self) -> None:
        """Stop everything and wait for the thread."""
        for key in list(self._jobs):
            self.drop(key)
        self._pool.shutdown(wait=True)
