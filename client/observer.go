package client

// Observer has hooks that tell of what the connection of a Manager does, for logs
// and metrics. A hook that is nil costs nothing. They must not block, and are called
// one at a time, but for Pinged.
type Observer struct {
	// Opened tells that the connection is open, before namespaces are joined.
	Opened func(transport string)
	// Closed tells that it is not any more.
	Closed func(reason Reason, err error)
	// OpenFailed tells why an attempt has failed, the first one too.
	OpenFailed func(err error)
	// Reconnecting tells that an attempt begins after a failed one or a lost
	// connection; n counts from 1.
	Reconnecting func(n int)
	// Reconnected tells that the attempt n was successful.
	Reconnected func(n int)
	// GaveUp tells that no further attempt will follow the last.
	GaveUp func(err error)
	// Pinged tells that the server has asked for a sign of life.
	Pinged func()
	// Upgraded tells that the connection has moved to another transport.
	Upgraded func(transport string)
	// UpgradeFailed tells that it could not; it goes on as it was.
	UpgradeFailed func(transport string, err error)
}
