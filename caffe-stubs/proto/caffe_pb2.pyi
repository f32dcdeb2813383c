from netdef.schema.messages import *
