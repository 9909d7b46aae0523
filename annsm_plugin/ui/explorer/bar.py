"""The buttons and choices above the plot: what is drawn, of which series, on which days."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from ...processing.words import tr

VIEWS = ("series", "scatter", "course", "anomalies")


class Bar(QWidget):
    """``changed``: what is drawn has to be drawn anew."""

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.hidden: set[str] = set()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.pick = self._button(tr("Pick"), tr("Click cells or stations on the map; with Ctrl they stay beside each other"), True)
        self.clear = self._button(tr("Clear"), tr("Forget all cells"))
        self.view = self._choice([tr("Series"), tr("Scatter"), tr("Year's course"), tr("Anomalies")], tr("What is drawn"))
        self.series = self._button(tr("Shown"), tr("Which series are drawn"))
        self.series.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self.series.setMenu(self._menu)
        self.product = self._choice([], tr("Product on the horizontal axis"))
        self.reference = self._choice([], tr("Reference on the vertical axis"))
        self.days = self._choice([tr("All days"), tr("Training period"), tr("Test period"), tr("Days shown")], tr("Days that count"))
        self.whole = self._button(tr("All days"), tr("Show all days (double click)"))
        self.figure = self._button(tr("Save figure …"), tr("PNG, PDF or SVG"))
        self.numbers = self._button(tr("Save numbers …"), tr("CSV"))
        for part in (self.pick, self.clear, self.view, self.series, self.product, self.reference, self.days, self.whole):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self.figure)
        layout.addWidget(self.numbers)
        for choice in (self.view, self.product, self.reference, self.days):
            choice.currentIndexChanged.connect(self._chosen)
        self.arrange(False)

    def _chosen(self, *_) -> None:
        self.changed.emit()

    def _button(self, text: str, tip: str, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(checkable)
        return button

    def _choice(self, texts, tip: str) -> QComboBox:
        choice = QComboBox(self)
        choice.addItems(texts)
        choice.setToolTip(tip)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return choice

    @property
    def kind(self) -> str:
        """The view that is chosen, one of ``VIEWS``."""
        return VIEWS[self.view.currentIndex()]

    def arrange(self, something: bool) -> None:
        """Show what belongs to the chosen view; ``something``: there is something to save."""
        for part in (self.product, self.reference, self.days):
            part.setVisible(self.kind == "scatter")
        self.series.setVisible(self.kind != "scatter")
        self.whole.setVisible(self.kind in ("series", "anomalies"))
        for button in (self.figure, self.numbers, self.clear):
            button.setEnabled(something)

    def offer(self, stories) -> None:
        """Offer the series that some cells have."""
        from ...core.exploration import drawing, views

        found = drawing.titles(stories)
        self._menu.clear()
        for title in found:
            action = self._menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(title not in self.hidden)
            action.toggled.connect(lambda on, title=title: self._toggle(title, on))
        usable = dict.fromkeys(title for told in stories for title in views.references(told))
        best = sorted(usable, key=lambda title: -sum(title in told.series for told in stories))  # those that most cells have
        self._fill(self.product, found, found[:1])
        others = [title for title in best if title != self.product.currentText()]
        self._fill(self.reference, others or best, others)

    @staticmethod
    def _fill(choice: QComboBox, titles: list[str], first: list[str]) -> None:
        """Offer ``titles``; what was chosen stays, else the first of ``first`` is."""
        kept = choice.currentText()
        choice.blockSignals(True)
        choice.clear()
        choice.addItems(titles)
        choice.setCurrentText(kept if kept in titles else first[0] if first else "")
        choice.blockSignals(False)

    def _toggle(self, title: str, on: bool) -> None:
        self.hidden.discard(title) if on else self.hidden.add(title)
        self.changed.emit()

    def shown(self, stories) -> set[str]:
        """The series that are drawn; of several cells ANN-SM and stations unless the user has chosen."""
        from ...core.exploration import drawing
        from ...core.exploration.stations import IN_SITU
        from ...core.exploration.story import ANNSM

        found = set(drawing.titles(stories))
        if len(stories) > 1 and not self.hidden:
            return {title for title in found if title.startswith(ANNSM) or title == IN_SITU} or found
        return found - self.hidden

    def inside(self, told, days_shown):
        """(days,) bool: the days of a story that count in the scatter plot; ``days_shown``: first and last, or None."""
        from ...core.exploration import views

        chosen = self.days.currentIndex()
        if chosen in (1, 2):
            period = views.period_named(told, ("training", "test")[chosen - 1])
            return views.days_in(told, period.first, period.last) if period else views.days_in(told)
        if chosen == 3 and days_shown is not None:
            return views.days_in(told, *days_shown)
        return views.days_in(told)
