package crawl

import (
	"bytes"
	"net/http"
)

// maxChallengeBytes is more than any known challenge page has; reports are not searched
// for signatures.
const maxChallengeBytes = 64 << 10

// isChallenge reports whether an answer is the shell of an anti-crawler product: by its
// status (412 瑞数; 521 and 512 加速乐), or by what its script sets.
func isChallenge(a answer) bool {
	switch a.status {
	case http.StatusPreconditionFailed, 521, 512:
		return true
	}
	if len(a.body) > maxChallengeBytes {
		return false
	}
	for _, signature := range []string{
		"$_ts=window['$_ts']", "$_ts.nsd=", // 瑞数
		"__jsl_clearance",         // 加速乐
		"document.cookie=\"C3VK=", // C3VK
		"acw_sc__v2",              // 阿里云
		"yunsuo_session_verify",   // 云锁
		"security_verify_data=",   // 云锁
	} {
		if bytes.Contains(a.body, []byte(signature)) {
			return true
		}
	}
	return false
}
