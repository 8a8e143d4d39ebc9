module github.com/gosio/sio/e2e

go 1.26

require (
	github.com/chromedp/cdproto v0.159.0
	github.com/chromedp/chromedp v0.23.0
	github.com/gobwas/ws v1.5.0
	github.com/gosio/sio v0.0.0
	github.com/gosio/sio/parsers/msgpack v0.0.0
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/philhofer/fwd v1.2.0 // indirect
	github.com/tinylib/msgp v1.6.5 // indirect
)

replace (
	github.com/gosio/sio => ..
	github.com/gosio/sio/parsers/msgpack => ../parsers/msgpack
)
