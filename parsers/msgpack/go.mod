module github.com/gosio/sio/parsers/msgpack

go 1.26

require (
	github.com/go-json-experiment/json v1.27.2
	github.com/gosio/sio v0.0.0
	github.com/tinylib/msgp v1.6.5
)

require (
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/ws v1.5.0 // indirect
	github.com/philhofer/fwd v1.2.0 // indirect
)

replace github.com/gosio/sio => ../..
