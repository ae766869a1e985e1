"""A line joins neighbouring comparable years that have a value, and no others."""
import unittest

import pandas as pd

import nianbao_notebook as nb


class Pieces(unittest.TestCase):
    def pieces(self, *rows):
        frame = pd.DataFrame(rows, columns=["report_year", "value", "comparable_with_prev"])
        return [piece["report_year"].tolist() for piece in nb.pieces(frame)]

    def test_neighbours_are_joined(self):
        self.assertEqual(self.pieces((2022, 2, True), (2021, 1, True), (2023, 0, True)), [[2021, 2022, 2023]])

    def test_a_break_is_not_crossed(self):
        self.assertEqual(self.pieces((2018, 1, True), (2019, 2, False), (2020, 3, True)), [[2018], [2019, 2020]])

    def test_a_missing_year_or_value_is_a_gap(self):
        self.assertEqual(self.pieces((2020, 1, True), (2022, 2, True)), [[2020], [2022]])
        self.assertEqual(self.pieces((2020, 1, True), (2021, None, True), (2022, 2, True)), [[2020], [2022]])


if __name__ == "__main__":
    unittest.main()
