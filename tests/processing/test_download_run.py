"""annsm:download through the real qgis_process, against an archive on loopback; logins from QGIS's authentication manager."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from archive_server import NAME, PASSWORD, archive
from small_archive import files_of, lists_of, secrets_in, stamps


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return files_of(tmp_path_factory.mktemp("originals"), stamps(12))


def asked(tmp_path, there):
    lists = lists_of(tmp_path, [there.subset(name) for name in there.files])
    return {"LISTS": lists, "FOLDER": tmp_path / "data", "TABLE": tmp_path / "t.csv", "TRIES": 3}


def test_qgis_process_fetches_and_goes_on_after_it_was_killed(qgis_process, files, tmp_path, monkeypatch):
    with archive(files) as there:
        names = list(files)
        there.faults[names[1]], there.faults[names[2]] = ["html"], ["other"]
        (tmp_path / ".netrc").write_text(f"machine localhost login {NAME} password {PASSWORD}\n")
        (tmp_path / ".netrc").chmod(0o600)
        monkeypatch.setitem(qgis_process.environment, "NETRC", str(tmp_path / ".netrc"))
        monkeypatch.setitem(qgis_process.environment, "ANNSM_EARTHDATA_LOGIN", f"http://{there.auth}")
        given = asked(tmp_path, there)
        there.delay = 0.5
        process = qgis_process.start("run", "annsm:download", *[f"--{name}={value}" for name, value in given.items()])
        deadline = time.monotonic() + 60.0
        while sum(there.asked.values()) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
        said = process.communicate()[0]
        there.delay = 0.0
        whole = {p.name for p in (tmp_path / "data" / "gldas").glob("GLDAS*")}
        before = {name: there.asked[name] for name in whole}
        found = qgis_process.results("annsm:download", **given)
        assert found["MISSING"] == 0 and found["FETCHED"] + found["PRESENT"] == len(files)
        assert {name: there.asked[name] for name in whole} == before
    assert {p.name: p.read_bytes() for p in (tmp_path / "data" / "gldas").iterdir()} == files
    (tmp_path / ".netrc").unlink()
    assert not secrets_in(tmp_path) and PASSWORD not in said
    record = json.loads(Path(found["RECORD"]).read_text())
    assert record["request"]["authentication"] is None and "annsm:download" in record["repeat"]["qgis_process"]


def test_a_refused_login_is_one_sentence(provider, files, tmp_path, monkeypatch):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    with archive(files) as there:
        monkeypatch.setenv("EARTHDATA_TOKEN", "not-the-t0ken")
        monkeypatch.setenv("ANNSM_EARTHDATA_LOGIN", f"http://{there.auth}")
        given = {name: str(value) for name, value in asked(tmp_path, there).items()}
        feedback = QgsProcessingFeedback()
        _, good = provider.algorithm("download").create().run(given, QgsProcessingContext(), feedback)
    text = feedback.textLog()
    assert not good and "refused the Earthdata login" in text and "Traceback" not in text and "not-the-t0ken" not in text
    assert not secrets_in(tmp_path, "not-the-t0ken")


def test_a_login_of_qgis_is_used_and_only_its_id_is_recorded(provider, files, tmp_path, monkeypatch):
    from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsProcessingContext, QgsProcessingFeedback

    from annsm_plugin.processing import network

    kept = QgsAuthMethodConfig("Basic")
    kept.setName("Earthdata")
    kept.setConfigMap({"username": NAME, "password": PASSWORD})

    class Manager:
        """QGIS's manager with one authentication: that of the tests' profile has no master password."""

        def configIds(self):
            return ["abc1234"]

        def loadAuthenticationConfig(self, key, config, full):
            config.setMethod(kept.method())
            config.setConfigMap(kept.configMap())
            return True, config

        def trustedCaCertsPemText(self):
            return b""

    monkeypatch.setattr(QgsApplication, "authManager", staticmethod(Manager))
    with archive(files) as there:
        monkeypatch.setenv("ANNSM_EARTHDATA_LOGIN", f"http://{there.auth}")
        given = {name: str(value) for name, value in asked(tmp_path, there).items()}
        algorithm, context = provider.algorithm("download").create(), QgsProcessingContext()
        good, sentence = algorithm.checkParameterValues({**given, "AUTHENTICATION": "nothing"}, context)
        assert not good and "no authentication with the id 'nothing'" in sentence
        feedback = QgsProcessingFeedback()
        results, good = algorithm.run({**given, "AUTHENTICATION": "abc1234"}, context, feedback)
        assert good and results["FETCHED"] == len(files), feedback.textLog()
    assert json.loads(Path(results["RECORD"]).read_text())["parameters"]["AUTHENTICATION"] == "abc1234"
    assert not secrets_in(tmp_path) and PASSWORD not in feedback.textLog()
    kept.setMethod("APIHeader")
    kept.setConfigMap({"Authorization": "Bearer the-token"})
    assert network.login("AUTHENTICATION", "abc1234").token == "the-token"
    assert network.login("AUTHENTICATION", None) is None


def test_qgis_s_proxy_is_taken_over(qgis_app, monkeypatch):
    from qgis.core import QgsSettings

    from annsm_plugin.processing import network

    settings = QgsSettings()
    values = {"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "proxy.example", "proxyPort": "3128", "proxyUser": "me@work",
              "proxyPassword": "p:w", "noProxyUrls": ["https://near.example"]}  # fmt: skip
    try:
        for name, value in values.items():
            settings.setValue(f"proxy/{name}", value)
        found = network.network()
        assert found.proxies["https"] == "http://me%40work:p%3Aw@proxy.example:3128" and found.direct == ("https://near.example",)
        assert "p%3Aw" not in repr(found)
        settings.setValue("proxy/proxyType", "DefaultProxy")
        assert network.network().proxies == {}
    finally:
        settings.remove("proxy")
    assert network.network().proxies == {}
