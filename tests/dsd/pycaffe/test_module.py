"""The names of the package, and that each does what it is called."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from google.protobuf import text_format

NAMES = """
Net SGDSolver NesterovSolver AdaGradSolver RMSPropSolver AdaDeltaSolver AdamSolver NCCL Timer init_log log set_mode_cpu
set_mode_gpu set_device Layer get_solver layer_type_list set_random_seed solver_count set_solver_count solver_rank
set_solver_rank set_multiprocess has_nccl __version__ TRAIN TEST Classifier Detector io layers params NetSpec to_proto
proto net_spec coord_map draw classifier detector pycaffe _caffe
""".split()


def test_every_name_of_the_originals_is_there(caffe):
    assert [name for name in NAMES if not hasattr(caffe, name)] == []
    assert (caffe.TRAIN, caffe.TEST) == (0, 1) and caffe.__version__[0].isdigit()
    io = "blobproto_to_array array_to_blobproto arraylist_to_blobprotovector_str blobprotovector_str_to_arraylist " \
         "array_to_datum datum_to_array Transformer load_image resize_image oversample"
    assert [name for name in io.split() if not hasattr(caffe.io, name)] == []
    net = "blobs blob_loss_weights layer_dict params forward backward forward_all forward_backward_all set_input_arrays " \
          "_batch inputs outputs top_names bottom_names _forward _backward reshape clear_param_diffs copy_from share_with " \
          "_blob_loss_weights _bottom_ids _top_ids _blobs layers _blob_names _layer_names _inputs _outputs " \
          "_set_input_arrays save save_hdf5 load_hdf5 before_forward after_forward before_backward after_backward"
    made = caffe.Net.of(__import__("netdef").loads('layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 1 } } }'))
    assert [name for name in net.split() if not hasattr(made, name)] == []
    solver = "iter lr step solve restore snapshot share_weights apply_update add_callback"  # and net, test_nets, param
    assert [name for name in solver.split() if not hasattr(caffe.SGDSolver, name)] == []
    assert issubclass(caffe.AdamSolver, caffe._caffe.Solver)


def test_types_of_layers(caffe):
    assert {"Data", "Convolution", "InnerProduct", "Python", "Input"} <= set(caffe.layer_type_list())


def test_messages_are_protobufs(caffe):
    pb2 = caffe.proto.caffe_pb2
    net = text_format.Merge('layer { type: "Pooling" pooling_param { pool: AVE } }', pb2.NetParameter())
    assert net.layer[0].pooling_param.pool == pb2.PoolingParameter.AVE and caffe.params.Pooling.AVE == 1
    assert pb2.V1LayerParameter.LayerType.Value("CONVOLUTION") == pb2.V1LayerParameter.CONVOLUTION == 4
    assert pb2.Datum(channels=1).channels == 1 and pb2.Phase.Name(pb2.TEST) == "TEST"
    again = pb2.NetParameter()
    again.ParseFromString(net.SerializeToString())
    assert again == net and pb2.SolverParameter().solver_mode == pb2.SolverParameter.GPU


def test_a_net_written_in_python_runs(caffe, tmp_path):
    L, P = caffe.layers, caffe.params
    n = caffe.NetSpec()
    n.data, n.label = L.DummyData(shape=[dict(dim=[4, 1, 9, 8]), dict(dim=[4])], ntop=2)
    n.conv = L.Convolution(n.data, kernel_size=3, num_output=6, weight_filler=dict(type="xavier"))
    n.pool = L.Pooling(n.conv, kernel_size=2, stride=2, pool=P.Pooling.MAX)
    n.score = L.InnerProduct(n.pool, num_output=5)
    n.relu = L.ReLU(n.score, in_place=True)
    n.loss = L.SoftmaxWithLoss(n.score, n.label)
    (tmp_path / "net.prototxt").write_text(str(n.to_proto()))
    net = caffe.Net(str(tmp_path / "net.prototxt"), caffe.TEST)
    assert net.forward()["loss"] == pytest.approx(np.log(5))
    assert str(caffe.to_proto(n.loss)).count("layer {") == 5  # the ReLU in place is not on its way


def test_a_layer_of_the_scripts_own_may_use_all_of_it(caffe, tmp_path):
    (tmp_path / "user_layer_with_io.py").write_text("""
import caffe
from caffe.io import resize_image

class Shrink(caffe.Layer):
    def setup(self, bottom, top):
        pass
    def reshape(self, bottom, top):
        top[0].reshape(3, 2, 1)
    def forward(self, bottom, top):
        top[0].data[...] = resize_image(bottom[0].data, (3, 2)) + caffe.TEST
""")
    (tmp_path / "net.prototxt").write_text("""
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 6 dim: 4 dim: 1 } } }
layer { name: "y" type: "Python" bottom: "data" top: "y" python_param { module: "user_layer_with_io" layer: "Shrink" } }""")
    net = caffe.Net(str(tmp_path / "net.prototxt"), caffe.TEST)
    assert isinstance(net.layers[1], caffe.Layer)
    assert np.allclose(net.forward(data=np.full((6, 4, 1), 2))["y"], 3)
    sys.modules.pop("user_layer_with_io", None)
