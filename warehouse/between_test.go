package warehouse

import (
	"context"
	"testing"

	"github.com/nianbao/nianbao/codebook"
)

// Everything here is made up: 甲市 has two districts, a zone, and two bodies of its own on
// its roster; 乙市 has a county and no roster. What each line must give follows from the
// figures, which are written so that they add up or do not.
func TestAWholeCityIsTheSumOfItsMembersIfAllAreThere(t *testing.T) {
	of := func(authority, adcode, scope string, year int32, cells string) *paper {
		p := newPaper(t, authority+scope+string(rune(year)), authority, adcode, year, scope, "D", cells)
		p.report.Forms = "t3:D"
		return p
	}
	in := input(t,
		of("甲市人民政府", "990100", "city_aggregate", 2022, `
			t3 app_new total 100
			t3 app_closed_total total 100
			t3 app_carried_in total 7`),
		of("甲市人民政府办公室", "990100", "general_office", 2022, "t3 app_new total 40\nt3 app_closed_total total 20\nt3 app_carried_in total 1"),
		of("甲市财政局", "990100", "department", 2022, "t3 app_new total 30\nt3 app_closed_total total 20\nt3 app_carried_in total 1"),
		of("甲市子区人民政府", "990101", "district_aggregate", 2022, "t3 app_new total 20\nt3 app_closed_total total 20\nt3 app_carried_in total 5"),
		of("丑县人民政府", "990102", "district_aggregate", 2022, "t3 app_new total 12\nt3 app_closed_total total 20\nt3 app_carried_in total slash"),
		of("丑县人民政府", "990102", "district_own", 2022, "t3 app_new total 5"),
		of("甲市教育局", "990100", "department", 2022, "t3 app_new total 500"), // on no roster
		of("甲市人民政府", "990100", "city_aggregate", 2021, "t3 app_new total 3"),
		of("甲市人民政府办公室", "990100", "general_office", 2021, "t3 app_new total 1"),
		of("甲市子区人民政府", "990101", "district_aggregate", 2021, "t3 app_new total 1"),
		of("丑县人民政府", "990102", "district_aggregate", 2021, "t3 app_new total 1"),
		of("丑县人民政府办公室", "990102", "district_aggregate", 2021, "t3 app_new total 1"), // which of the two is it?
		of("乙市人民政府", "990200", "city_aggregate", 2022, "t3 app_new total 2"),
		of("卯县人民政府", "990201", "district_aggregate", 2022, "t3 app_new total 1"))
	in.Book.Regions = append(in.Book.Regions,
		codebook.Region{Adcode: "990101", Name: "子区", Level: "county", Parent: "990100"},
		codebook.Region{Adcode: "990102", Name: "丑县", Level: "county", Parent: "990100"},
		codebook.Region{Adcode: "990103", Name: "寅县", Level: "county", Parent: "990100", ValidTo: 2021},
		codebook.Region{Adcode: "990171", Name: "甲市高新区", Level: "county", Parent: "990100"},
		codebook.Region{Adcode: "990201", Name: "卯县", Level: "county", Parent: "990200"})
	in.Book.Members = []codebook.Member{
		{Adcode: "990100", Authority: "甲市人民政府办公室", Scope: "general_office"},
		{Adcode: "990100", Authority: "甲市财政局", Scope: "department"},
		{Adcode: "990100", Authority: "甲市信访局", Scope: "department", ValidFrom: 2023},
	}
	db, err := Open(context.Background(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	expect(t, db, `SELECT authority, report_year, members, members_there, has_roster, missing, lhs, rhs, delta, outcome FROM hierarchy
		WHERE instance = 'app_new' ORDER BY authority DESC, report_year`,
		"甲市人民政府,2021,5,2,true,丑县 寅县 甲市财政局,,3,,untestable",
		"甲市人民政府,2022,4,4,true,,102,100,2,held", // 2 in 100 is tolerated
		"乙市人民政府,2022,1,1,false,,,2,,untestable")
	expect(t, db, `SELECT instance, lhs, rhs, delta, outcome FROM hierarchy WHERE adcode = '990100' AND report_year = 2022 ORDER BY instance`,
		"app_carried_in,,7,,untestable", "app_carried_out,,,,untestable", "app_closed_total,80,100,-20,failed", "app_new,102,100,2,held")
	expect(t, db, `SELECT identity, instance, severity, compared FROM between_reports WHERE outcome = 'failed'`,
		"HIER_SUM,app_closed_total,info,4 of 4 members' reports against this one")
	expect(t, db, `SELECT severity, code, authority, report_year, message FROM problem`,
		`info,HIER_SUM,甲市人民政府,2022,"HIER_SUM app_closed_total: 80 against 100, 4 of 4 members' reports against this one"`)
	h, err := db.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if h.Between != (Outcomes{Held: 1, Failed: 1, Untestable: 10 + 4}) || h.BetweenFailed["info"] != 1 {
		t.Errorf("health %+v, want 1 held, 1 failed of severity info, 10 untestable, and what 4 bodies carried over", h)
	}
}
