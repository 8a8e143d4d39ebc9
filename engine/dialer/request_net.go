//go:build !js

package dialer

import "net/http"

func (s *settings) do(req *http.Request) (*http.Response, error) { return s.client.Do(req) }
