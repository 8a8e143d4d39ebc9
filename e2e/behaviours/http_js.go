package behaviours

import "net/http"

// httpClient is the browser's own.
func (t *T) httpClient() *http.Client { return nil }

// native are behaviours that cannot be shown in browsers.
var native []Behaviour
