package event

// View is binary data in the memory that it arrived in, for handlers that do
// not keep it: it is valid until the handler returns, and what is to stay must be
// copied. Where a []byte costs an allocation for each event, a View costs none.
// On the wire, and when it is sent, it is what a []byte is.
type View []byte
