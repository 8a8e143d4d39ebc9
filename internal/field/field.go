// Package field reads HTTP header fields that are lists.
package field

import (
	"slices"
	"strconv"
	"strings"
)

// HasToken reports whether one of the comma-separated lists has a token,
// whatever its case (RFC 9110 section 5.6.1).
func HasToken(values []string, token string) bool {
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

// Preferred returns the content encoding that an Accept-Encoding field gives
// the highest quality, of those that the sender has: the first named among
// equals, the sender's first for "*", and "" for none (RFC 9110 section 12.5.3).
func Preferred(accept string, have ...string) string {
	best, bestQ := "", 0.0
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "*" && len(have) > 0 {
			name = have[0]
		}
		if q := quality(params); q > bestQ && slices.Contains(have, name) {
			best, bestQ = name, q
		}
	}
	return best
}

// quality returns the value of a parameter q, which is 1 if there is none, and
// 0 if it makes no sense.
func quality(params string) float64 {
	v, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil {
		return 0
	}
	return q
}
