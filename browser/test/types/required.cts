// The same by require, as TypeScript writes it.

import io, { Manager } from "@gosio/client"
import { io as packed } from "@gosio/client/msgpack"

io("https://example.org").emit("event", 1)
packed(new Manager("https://example.org").uri).connected
