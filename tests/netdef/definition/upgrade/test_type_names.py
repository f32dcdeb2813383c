"""Types of forks that are called otherwise here, in texts and in the messages of weight files."""

from __future__ import annotations

from pathlib import Path

import pytest

from netdef.definition.read import read_net_message, read_net_text
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where


@pytest.mark.parametrize("theirs, ours", [
    ("AbsoluteMem", "AbsVal"), ("ChannelDropout", "SpatialDropout"), ("ReLURecover", "ReLU"),
    ("BNData", "BN"), ("BNplus", "BN"), ("BatchNormPlus", "BatchNorm"),
    ("ChannelwiseAffine", "Scale"), ("ConvolutionData", "Convolution"), ("ConvolutionDeeplab", "Convolution"),
    ("ConvolutionSK", "Convolution"), ("Cosine", "Cos"), ("EltwiseAffine", "Scale"), ("GramMat", "Gram"), ("RReLU", "Insanity"),
    ("CuDNNBatchNorm", "BN"), ("CuDNNDeconvolution", "Deconvolution"),
    ("Detection", "DetectionLoss"),
    ("ImageDataMultilabel", "ImageData"), ("InnerProductAll", "InnerProduct"), ("InnerProductData", "InnerProduct"),
    ("LibDNNConvolution", "Convolution"), ("LibDNNDeconvolution", "Deconvolution"), ("LibDNNPooling", "Pooling"),
    ("LocalConnect", "Local"), ("LstmJun", "LstmNew"),
    ("MemorySparseData", "MemoryData"), ("MultiLabelData", "ImageData"), ("MultilabelImageData", "ImageData"),
    ("NormalizeBBox", "Normalize"), ("PReLUData", "PReLU"), ("PoolingSK", "Pooling"), ("SmoothL1LossD", "SmoothL1Loss"),
    ("SoftmaxWithInfogainLoss", "InfogainLoss"), ("SoftmaxWithLossData", "SoftmaxWithLoss"),
    ("SoftmaxWithLossMultiLabel", "SoftmaxWithLoss"),
])
def test_types_have_our_names_in_texts_and_messages(theirs, ours):
    assert read_net_text(f'layer {{ type: "{theirs}" name: "a" }}').layers[0].type == ours
    message = NetParameter(layer=[{"type": theirs, "name": "a"}])
    assert read_net_message(message, Where(), Path(".")).layers[0].type == ours


@pytest.mark.parametrize("param, ours", [("recurrent_param", "LSTM"), ("lstm_param", "Lstm")])
def test_the_message_tells_mycaffes_lstm_from_junhyukohs(param, ours):
    assert read_net_text(f'layer {{ type: "Lstm" name: "a" {param} {{ num_output: 3 }} }}').layers[0].type == ours


@pytest.mark.parametrize("param, ours", [("spatialtransformer_param", "PlaneTurn"), ("st_param", "SpatialTransformer")])
def test_the_message_tells_turned_planes_from_sampled_ones(param, ours):
    assert read_net_text(f'layer {{ type: "SpatialTransformer" name: "a" {param} {{ }} }}').layers[0].type == ours
