"""The table of fields and values of forks."""

import pytest

import netdef
from netdef.definition.read import read_net_text, read_solver_text
from netdef.schema import forks, history
from netdef.schema.ignored_fields import IGNORED
from netdef.schema.messages import NetParameter
from netdef.schema.refused_data_fields import REFUSED_DATA
from netdef.schema.refused_fields import REFUSED


def test_the_table_names_messages_that_are_there_and_fields_that_are_not():
    messages = NetParameter.DESCRIPTOR.file.message_types_by_name
    enums = {field.name for message in messages.values() for field in message.fields if field.enum_type}
    for entry in forks._TABLE:
        owner, name = entry.split(".")
        assert (owner in messages and name not in messages[owner].fields_by_name) or owner in enums, entry


def test_a_field_has_one_row():
    rows = [field for table in (IGNORED, REFUSED, REFUSED_DATA) for *_, fields in table for field in fields.split()]
    rows += [field for row in history.ROWS if row.treatment in (history.IGNORED, history.REFUSED) for field in row.fields.split()]
    assert len(rows) == len(set(rows)) == len(forks._TABLE)


def test_of_several_devices_the_first_is_taken_and_one_warning_given():
    for text in ("device_id: [3, 1, 2]", "device_id: 3 device_id: 1 device_id: 2"):
        with pytest.warns(UserWarning) as caught:
            solver = read_solver_text(text)
        assert solver.message.device_id == 3
        assert [str(warning.message).split(": ", 1)[1] for warning in caught] == [
            "`device_id` of yjxiong/caffe (and 1 more) is ignored: torchrun and `--gpu` choose the devices"]


def test_of_several_copies_of_a_database_the_first_is_read():
    with pytest.warns(UserWarning, match="`source` of the branch `parallel` .* only the first is read here"):
        net = read_net_text('layer { name: "d" type: "Data" top: "x" data_param { source: "a" source: "b" } }')
    assert net.layers[0].message.data_param.source == "a"


def test_what_only_saves_memory_is_ignored():
    with pytest.warns(UserWarning, match="`share_blobs`, `force_cpu_momentum` of tnarihi/caffe are ignored: it saves memory"):
        assert read_solver_text("share_blobs: true force_cpu_momentum: true base_lr: 0.5").message.base_lr == 0.5


def test_compression_of_what_backward_needs_is_ignored():
    with pytest.warns(UserWarning, match="`vdnn_setting` of Caffe-Compression .* is ignored: it keeps"):
        assert read_solver_text("vdnn_setting: true base_lr: 0.5").message.base_lr == 0.5


def test_reading_ahead_is_ignored_in_any_data_layer():
    text = 'layer { name: "d" type: "Data" top: "x" data_param { precache: true my_threads: 2 } }'
    with pytest.warns(UserWarning, match="`precache`, `my_threads` of a fork are ignored: records are read ahead"):
        read_net_text(text)


@pytest.mark.parametrize(("owner", "name"), [
    ("ConvolutionParameter", "cudnn_convolution_algo_seeker"), ("ConvolutionParameter", "conv_algos_override"),
    ("TransformationParameter", "use_gpu_transform"), ("AnyParameter", "engine"), ("engine", "ANY")])
def test_the_choice_of_kernels_is_ignored_anywhere(owner: str, name: str):
    assert forks.fork_of(owner, name).ignored


def test_pruning_of_a_layer_without_a_pruning_solver_is_ignored_in_train():
    text = ('input: "x" input_shape { dim: [2, 3] } '
            'layer { name: "r" type: "ReLU" bottom: "x" top: "y" prune_param { prune_ratio: 0.5 } }')
    with pytest.warns(UserWarning, match="`prune_param` of MingSun-Tse/Caffe_IncReg is ignored"):
        assert netdef.loads(text, phase="TRAIN").outputs == ["y"]


@pytest.mark.parametrize(("owner", "name", "reason"), [
    ("LayerParameter", "visualise_channel", "it only shows what is computed"),
    ("SolverParameter", "display_debug", "it only shows what is computed"),
    ("DropoutParameter", "random_seed", "all that is random follows the solver's `random_seed`"),
    ("SolverParameter", "print_layer_debug", "it only shows what is computed"),
    ("LayerParameter", "conserve_gpu_memory_test", "it says how its devices do the work, not what they compute"),
    ("V1LayerParameter", "gpu_0_batch_proportion", "it says how its devices do the work, not what they compute"),
    ("ConvolutionParameter", "subengine", "it chooses among its kernels"),
    ("PoolingParameter", "cudnn_mode", "it chooses among its kernels")])
def test_what_only_shows_or_steers_kernels_is_ignored_in_any_message(owner: str, name: str, reason: str):
    fork = forks.fork_of(owner, name)
    assert fork is not None and fork.ignored and fork.reason == reason


@pytest.mark.parametrize("name", ["blueprint", "shower", "barracuda"])
def test_a_word_within_another_tells_nothing(name: str):
    assert forks.fork_of("LayerParameter", name) is None


def test_a_net_with_bounds_of_its_memory_is_read_with_one_warning():
    text = 'richness: 1000 mem_param { optimize_train: true exclude_blob: "x" } layer { name: "d" type: "Input" top: "d" }'
    with pytest.warns(UserWarning, match="`richness`, `mem_param` of yjxiong/caffe are ignored: it bounds the memory") as caught:
        read_net_text(text)
    assert len(caught) == 1


def test_local_rates_with_turbo_are_read_with_a_warning():
    with pytest.warns(UserWarning, match="`larc_turbo` of NVIDIA/caffe is ignored: .* training differs"):
        assert read_solver_text("larc: true larc_turbo: true").message.larc


def test_statistics_used_and_updated_at_once_are_refused_in_training_only():
    text = """layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "b" type: "BatchNorm" bottom: "d" top: "b" batch_norm_param { update_global_stats: true } }"""
    with pytest.warns(UserWarning, match="unknown field `update_global_stats` ignored: only training depends on it"):
        netdef.loads(text)
    with pytest.raises(netdef.SpecError, match="`update_global_stats` is of hszhao's PSPNet"):
        netdef.loads(text, phase="TRAIN")


@pytest.mark.parametrize(("text", "complaint"), [
    ('model: "m" k: 2 max_iter: 20', "`model`, `k` are of liuxianming/caffe_feedback: this is a configuration of its visualizer"),
    ("top_k: 1", "`top_k` is of liuxianming/caffe_feedback: its solver"),
    ("early_stopping: 30", "`early_stopping` is of szymonzareba/perturb_and_map_caffe: it ends training"),
    ("use_polyak: true", "`use_polyak` is of GuanshuoXu's fork"),
])
def test_what_solvers_of_forks_do_is_refused(text: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        read_solver_text(text)


def test_programs_of_an_fpga_and_shared_files_are_ignored():
    data = 'layer { name: "d" type: "Data" top: "x" data_param { shared_file_system: true } }'
    with pytest.warns(UserWarning, match="`shared_file_system` of raajay/pmls-caffe .* is ignored: one process reads"):
        read_net_text(data)
    relu = 'layer { name: "r" type: "ReLU" bottom: "x" top: "x" kernel_name: "r" }'
    with pytest.warns(UserWarning, match="`kernel_name` of dicecco1/fpga_caffe is ignored: it says which program"):
        read_net_text(relu)


def test_a_net_of_mycaffe_is_built_without_its_image_database():
    text = """layer { name: "d" type: "Data" top: "x" include { phase: TRAIN }
          transform_param { color_order: RGB use_imagedb_mean: True }
          data_param { source: "MNIST.training" batch_size: 2 backend: IMAGEDB enable_random_selection: True label_type: NONE } }
        layer { name: "i" type: "Input" top: "x" include { phase: TEST } input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "r" type: "ReLU" bottom: "x" top: "y" }"""
    with pytest.warns(UserWarning) as caught:
        assert netdef.loads(text, phase="TEST").outputs == ["y"]
    said = "\n".join(str(warning.message) for warning in caught)
    for name in ("IMAGEDB", "color_order", "use_imagedb_mean", "enable_random_selection", "label_type"):
        assert f"`{name}` of MyCaffe is ignored: " in said
    with pytest.warns(UserWarning), pytest.raises(netdef.SpecError, match=r"\(Data\) reads `MNIST.training`, but there is no "):
        netdef.loads(text, phase="TRAIN")


def test_snapshots_and_logs_of_mycaffe_are_ignored():
    text = "base_lr: 0.5 snapshot_include_weights: True snapshot_include_state: False output_average_results: True " \
           "enable_clip_gradient_status: True accuracy_average_window: 3"
    with pytest.warns(UserWarning, match="`accuracy_average_window` of MyCaffe are ignored: it only logs or takes snapshots"):
        assert read_solver_text(text).message.base_lr == 0.5


@pytest.mark.parametrize(("field", "complaint"), [
    ("data_param { images_per_blob: 2 }", "several images in one item"),
    ("transform_param { label_mapping { option { active: False } } }", "leave out what is not `active`"),
    ("inner_product_param { enable_noise: True sigma_init: 0.017 }", "noise that is learned"),
    ("inner_product_param { min_top_axes: 4 }", "a Reshape layer after this one"),
    ("recurrent_param { num_layers: 2 dropout_ratio: 0.5 }", "several LSTMs in one layer"),
    ("unpooling_param { pool: MAX }", "here the field is `unpool`"),
])
def test_what_layers_of_mycaffe_do_is_refused(field: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=f"of MyCaffe: .*{complaint}"):
        netdef.loads(f'layer {{ name: "l" type: "Data" top: "x" {field} }}')


@pytest.mark.parametrize(("field", "fork"), [
    ("softmax_param { class_weight: 0.5 class_weight: 1 hard_ratio: 0.7 }", "GuohongWu/caffe-windows"),
    ("video_data_param { rep_label: 3 } transform_param { num_segments: 7 }", "Lyp100208/Caffe_action"),
])
def test_losses_of_the_hardest_items_and_videos_in_segments_are_refused_by_their_forks(field: str, fork: str):
    with pytest.raises(netdef.SpecError, match=f"of {fork}: .* not implemented"):
        netdef.loads(f'layer {{ name: "l" type: "Data" top: "x" {field} }}')
