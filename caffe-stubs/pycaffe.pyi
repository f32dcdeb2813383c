from dsd.pycaffe.module import layer_type_list as layer_type_list
from dsd.pycaffe.parallel import NCCL as NCCL
from dsd.pycaffe.parallel import Timer as Timer
from dsd.pycaffe.parallel import has_nccl as has_nccl
from dsd.pycaffe.parallel import set_multiprocess as set_multiprocess
from dsd.pycaffe.parallel import set_solver_count as set_solver_count
from dsd.pycaffe.parallel import set_solver_rank as set_solver_rank
from dsd.pycaffe.parallel import solver_count as solver_count
from dsd.pycaffe.parallel import solver_rank as solver_rank
from dsd.pycaffe.solver_types import AdaDeltaSolver as AdaDeltaSolver
from dsd.pycaffe.solver_types import AdaGradSolver as AdaGradSolver
from dsd.pycaffe.solver_types import AdamSolver as AdamSolver
from dsd.pycaffe.solver_types import NesterovSolver as NesterovSolver
from dsd.pycaffe.solver_types import RMSPropSolver as RMSPropSolver
from dsd.pycaffe.solver_types import SGDSolver as SGDSolver
from dsd.pycaffe.solver_types import get_solver as get_solver
from netdef.layers.python.stand_in import UserLayer
from netdef.pycaffe.mode import init_log as init_log
from netdef.pycaffe.mode import log as log
from netdef.pycaffe.mode import set_device as set_device
from netdef.pycaffe.mode import set_mode_cpu as set_mode_cpu
from netdef.pycaffe.mode import set_mode_gpu as set_mode_gpu
from netdef.pycaffe.mode import set_random_seed as set_random_seed
from netdef.pycaffe.net import Net as Net

Layer = UserLayer
__version__: str
