from netdef.builder.net_spec import *
