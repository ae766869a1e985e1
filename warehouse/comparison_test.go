package warehouse

import (
	"fmt"
	"testing"
)

// body is a made-up city of province 990000 with so many requests closed and granted.
func body(t *testing.T, i int, year int32, closed, granted int) *paper {
	return newPaper(t, fmt.Sprintf("body %d %d", i, year), fmt.Sprintf("第%d市人民政府", i), fmt.Sprintf("99%02d00", i), year, "city_aggregate", "D",
		fmt.Sprintf("t3 app_closed_total total %d\nt3 out_granted total %d", closed, granted))
}

// Two small cities grant a larger share than before, the large one a smaller: the sum falls, the median rises.
func TestPooledAndMedianMayDiffer(t *testing.T) {
	db := open(t,
		body(t, 1, 2022, 100, 50), body(t, 2, 2022, 100, 60), body(t, 3, 2022, 1000, 900), body(t, 4, 2022, 5, 1),
		body(t, 1, 2023, 100, 60), body(t, 2, 2023, 100, 70), body(t, 3, 2023, 1000, 800), body(t, 5, 2023, 10, 0),
		newPaper(t, "own", "第1市人民政府", "990100", 2023, "city_own", "D", "t3 app_closed_total total 50\nt3 out_granted total 1"))
	expect(t, db, `SELECT scope, adcode, report_year, bodies, numerator, denominator, round(pooled, 6), round(median, 6), median_bodies, matched_bodies,
		round(pooled_change, 6), round(median_change, 6), directions_differ FROM pooled WHERE indicator = 'full_disclosure_rate' AND adcode = '990000' ORDER BY ALL`,
		"city_aggregate,990000,2022,4,1011,1205,0.839004,0.6,3,0,,,",
		"city_aggregate,990000,2023,4,930,1210,0.768595,0.65,4,3,-0.066667,0.1,true",
		"city_own,990000,2023,1,1,50,0.02,0.02,1,0,,,")
	expect(t, db, `SELECT report_year, pooled, median FROM pooled WHERE indicator = 'requests_closed' AND scope = 'city_aggregate' AND adcode = '000000' ORDER BY 1`,
		"2022,1205,100", "2023,1210,100")
}

// The number of prefectures is that of the codebook's regions: Henan had 17 throughout, Shandong 17 until 莱芜 went to 济南 in 2019 and 16 after.
func TestCoverageOfAreas(t *testing.T) {
	db := open(t, newPaper(t, "a", "甲市人民政府", "370100", 2017, "city_aggregate", "D", "t3 app_closed_total total 20\nt3 out_granted total 9"),
		newPaper(t, "b", "乙市人民政府", "370200", 2022, "city_aggregate", "D", "t3 app_closed_total total 20\nt3 out_granted total 9"))
	expect(t, db, `SELECT report_year, area, places FROM place_count WHERE scope = 'city_aggregate' AND area IN ('370000', '410000') ORDER BY 1, 2`,
		"2017,370000,17", "2017,410000,17", "2022,370000,16", "2022,410000,17")
	expect(t, db, `SELECT report_year, coverage FROM pooled WHERE indicator = 'full_disclosure_rate' AND adcode = '370000' ORDER BY 1`,
		"2017,0.058823529411764705", "2022,0.0625")
}

func TestFunnelNeedsTenBodiesAndUnbrokenYears(t *testing.T) {
	var papers []*paper
	for i := 1; i <= 10; i++ {
		for year := int32(2020); year <= 2024; year++ {
			papers = append(papers, body(t, i, year, 100+20*i, 50+9*i))
		}
	}
	papers = append(papers, body(t, 11, 2024, 9, 5)) // fewer than min_n
	db := open(t, papers...)
	expect(t, db, `SELECT report_year, years, count(*), min(bodies) FROM funnel WHERE indicator = 'full_disclosure_rate' GROUP BY ALL ORDER BY 1, 2`,
		"2020,1,10,10", "2021,1,10,10", "2022,1,10,10", "2023,1,10,10", "2023,3,10,10", "2024,1,10,10", "2024,3,10,10")
	expect(t, db, `SELECT DISTINCT tau2, position FROM funnel WHERE indicator = 'full_disclosure_rate'`, "0,inside")
	expect(t, db, `SELECT count(*) FROM funnel WHERE NOT (low_998 <= low_95 AND low_95 <= target AND target <= high_95 AND high_95 <= high_998)`, "0")
	expect(t, open(t, papers[:9]...), `SELECT count(*) FROM funnel`, "0")
}
