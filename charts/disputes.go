package charts

// disputeRates are the rates of reviews and lawsuits.
func disputeRates() []string { return []string{"review_rate", "litigation_rate"} }
