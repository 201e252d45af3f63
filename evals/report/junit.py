"""The run as JUnit XML: one test for each case, one for each gated metric."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from evals.report.figures import findings_of

if TYPE_CHECKING:
    from evals.gate import GateReport
    from evals.record import CaseResult, RunRecord

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(record: RunRecord, *, gate: GateReport | None = None) -> str:
    """JUnit XML without times, which would differ between equal runs.

    A case fails where its answer is wrong or a check failed, and is an error where the system gave
    no answer. An inconclusive metric is a skipped test, so that it is seen and does not fail a build.
    """
    root = ET.Element("testsuites", name="byline eval")
    suite = ET.SubElement(root, "testsuite", name=_clean(record.system))
    for result in record.results:
        test = ET.SubElement(
            suite,
            "testcase",
            classname=_clean(f"{record.system}.{result.case.kind}"),
            name=_clean(result.case.id),
        )
        _report_case(test, result)
    if gate is not None:
        suite = ET.SubElement(root, "testsuite", name="gate")
        for check in gate.checks:
            test = ET.SubElement(suite, "testcase", classname="gate", name=check.metric)
            if check.outcome != "pass":
                tag = "failure" if check.outcome == "fail" else "skipped"
                ET.SubElement(test, tag, message=_clean(check.reason))
    for suite in root:
        suite.set("tests", str(len(suite)))
        for plural, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(plural, str(len(suite.findall(f"testcase/{tag}"))))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _report_case(test: ET.Element, result: CaseResult) -> None:
    if result.error is not None:
        ET.SubElement(test, "error", message=_clean(result.error))
        return
    findings = findings_of(result)
    right = next((score.value for score in result.scores if score.metric == "right"), None)
    if right == 1.0 and not findings:
        return
    lines = [f"question: {result.case.question}"]
    if result.answer is not None:
        lines.append(f"answer:   {result.answer.text}")
    for finding in findings:
        lines += [
            "",
            f"sentence: {finding.sentence}",
            f"cited:    {finding.cited or '(nothing)'}",
            f"check:    {finding.check}: {finding.detail}",
        ]
    plural = "s" if len(findings) > 1 else ""
    message = f"{len(findings)} failed check{plural}" if findings else "the answer is wrong"
    ET.SubElement(test, "failure", message=message).text = _clean("\n".join(lines))


def _clean(text: str) -> str:
    """The text without characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("�", text)
