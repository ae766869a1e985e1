package replica_test

import (
	"testing"

	"github.com/nianbao/nianbao/crawl/replica"
)

// The clock of a replica stands still, so that a day's requests are never over: who runs
// the sample edition twenty times must not find it closed.
func TestNoBudgetEndsWithTheDay(t *testing.T) {
	for _, edition := range []string{replica.Sample, replica.Replicas} {
		portals, err := replica.Portals(edition)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range portals {
			if p.Politeness.MaxRequestsPerDay < 1_000_000 {
				t.Errorf("%s: %s may be asked %d times a day", edition, p.ID, p.Politeness.MaxRequestsPerDay)
			}
		}
	}
}
