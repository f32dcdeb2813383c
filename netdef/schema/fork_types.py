"""Layer types of forks that are not implemented, for errors about unknown types."""

from __future__ import annotations

# (fork, types).
_TYPES = [
    ("Akrit2013's fork, and of lxx1991/caffe, which never published its source,", "SuperpixelPooling"),
    ("lxx1991/caffe, which never published its source,", "LearntMapping LearntLConv IouMatchLoss FeatureSelection"),
    ("Akrit2013's fork",
     "Crf2Loss Crf3Loss CrfLoss CrfNormLoss CrfUnaryLoss PixelwiseLoss SuperpixelCentroid "
     "SuperpixelPredict PairwiseMap DistCosCorrMat DistSqCorrMat DepthToNorm GradToNorm UnpackBits FocalTransform "
     "SyncTransFast SyncTransform Conv1x1 ConvDropout ConvolutionEx"),
    ("YutingZhang's dbnet",
     "ConvolutionCR DeconvolutionCR DeconvMask Depooling EltwiseWithFiller FidaConv FidaDeconv Folding ImagedbData Vol2col "
     "WindowSegData"),
    ("vzhangmeng726/caffe_video_face",
     "GateLstm SpatialLstm TemporalLstm WeakGateLstm HardSample LearnCRF ManipulateLabel ManipulateLoss MapMetricLoss "
     "Regionconvolution SegmentData SuperCrop TripletData Upscale"),
    ("lxx1991/caffe_mpi, where they work on regions that its Mask cuts out,", "RegionConcat RegionConvolution RegionSum"),
    ("lxx1991/caffe_mpi", "RefineCityscapes SegCityscapes SegData"),
    ("torrvision/caffe-tvg", "BoxTerm InstanceID ShapeTerm Transfer ROIUnpooling InterpVariable"),
    ("ZJUZQ/Net_caffe",
     "AccuracyMask CuDNNConvolutionMask LabelMix MPIGather SigmoidCrossEntropyLossMask SigmoidCrossEntropyLossMaskFull "
     "SoftmaxWithLossMask"),
    ("soulslicer/openpose_caffe_train", "OPData"),
    ("ChenglongChen/caffe-windows", "COMPACT_DATA"),
    ("happynear/caffe-windows", "PredictBox"),
    ("happynear/caffe-windows, where it looks labels up in the first items alone,", "FCNAccuracy"),
    ("GuohongWu/caffe-windows", "Anchors BboxAttentionMap CenterProjection FCNImageData FDAnchors HDF5BboxData ImageDataRegress "
     "ImageMixHDF5Data ImagePairData ProposalRCNNTest ProposalRCNNTrain PtsData PtsDataWithScore ScalFixNormalize "
     "SingleImageData YOLOLabel YOLOLoss YOLOPassThrough YOLOV2Loss"),
    ("GuohongWu/caffe-windows, which does not register it,", "MeanVariance"),
    ("ducha-aiki/caffe", "ImageLocData"),
    ("zhanglaplace/caffe_newLayer, where a centre learns from one other centre alone,", "IslandLoss"),
    ("zhanglaplace/caffe_newLayer, whose source of it does not compile,", "XCenterLoss"),
    ("mitmul/caffe", "PatchTransformer"),
    ("zeakey/DeepSkeleton", "ImageMultLabelData"),
    ("BraveApple/my_caffe", "OnlineBatchRelationLoss RotateTransformer SpatialTransformerLoss"),
    ("FuchenUSTC/caffe-hash", "BinaryLabel ConstrainIP FramesRoll NoisyTrans PairWiseSampleLoss PartSort "
     "PseudoLabelCrossEntropyLoss RCS RankNoisyTrans SSD "
     "SoftmaxWithNoisyLabelLoss StdPseudoLabelEntropyLoss TripletClipHingeLoss "
     "TripletConstraintRankingLoss VecLabelData VideoLabelExpand VideoSigmoidLabel VideoUnroll"),
    ("FuchenUSTC/caffe-hash, where the gradient of its tops does not count,", "LatentGaussian VarAutoEncoderLoss"),
    ("eric612/MobileNet-YOLO", "AssistedExcitation"),
    ("yeahkun/caffe-yolo, whose labels AnnotatedData with `caffe_yolo` makes,", "BoxData"),
    ("NVIDIA/caffe, where TensorRT runs another net in it and the log has the score,", "TRT"),
    ("facebook/C3D 1.0", "VIDEO_SEGMENTATION_DATA VIDEO_WITH_VOXEL_TRUTH_DATA"),
    ("opencv_contrib (SqueezeDet)", "BboxData SqueezeDetLoss"),
    ("peteanderson80/caffe", "BeamSearch ConstrainedBeamSearch SequenceConstrainedBeamSearch"),
    ("makefile/frcnn", "FPNAnchorTarget FPNProposalTarget FrcnnRoiData FrcnnVidData PriorRBox MultiRBoxLoss RDetectionOutput "
     "AnnotatedRData"),
    ("yihui-he/caffe-pro, where random numbers are subtracted from its product,", "Matmul"),
    ("IntelLabs/SkimCaffe, where its weights are those of a transformed window,", "Winograd"),
    ("intel/caffe, where it exchanges activations among machines,", "MnActivation"),
    ("BestSonny/SSTD", "AnnotatedDataMask DetectionOrientedOutput MultiBoxOrientedLoss"),
    ("eric612/MobileNet-YOLO", "GaussianYolov3 LaneData"),
    ("zhaoweicai's Cascade R-CNN and MS-CNN", "DetectionData EvalData ImageGtData"),
    ("dlunion/CC4.0", "ContourAccuracy ImageClsData ImageSalobjData VisualSaliency"),
    ("shenyunhang/caffe-wsl", "BBox LoopROIPooling PolarConstraint PoolingSigmoid PoolingSigmoidCrossEntropyLoss "
     "RegionAdaptivePooling Repartition RoIScorePooling SmoothFeatureLoss Statistics WeightedCenterLoss YAROIPooling "
     "YASoftmaxWithLoss"),
    ("superxuang/caffe_3d_faster_rcnn", "AnchorTarget BBoxOutput MHDRoiData ROICrop RPNOutput RoiIndex SegmentOutput"),
    ("Ristretto (pmgysel)", "LRNRistretto"),
    ("naibaf7/caffe", "Quantizer"),
    ("makefile/frcnn and caffe_latte (fireae), where it loads a layer of another library,", "Module"),
    ("fireae/caffe_latte", "MTCNNData ROIMaskAlign RoiData TextProposal"),
    ("fireae/caffe_latte, which leaves it out when it is built,", "PairImageData"),
    ("BOBrown/SSD-Centerloss, where its centres never learn,", "MultiBoxCenterLoss"),
    ("BirdeeChen/caffe_yolo_v2, where its top follows a setting that is never read,", "Region"),
    ("cswaynecool/DRT, where they work on memory that a MATLAB program fills,",
     "Wtf Wtfsecond Wtfthird Wtffourth Wtffifth Wtfsixth Wtfseventh Wtfeighth Wtfninth"),
    ("bryanyzhu's fork", "MultiFrameData"),
    ("Synopsys, whose tools make it of Pooling over several images in one plane, to run on its chips,", "SpatialBatchingPooling"),
    ("a pull request to BVLC/caffe (ctensmeyer), which reads databases of documents of its own,", "DocData"),
    ("yjxiong/caffe, which never published its source,", "LOSS_TREE"),
    ("rickyHong/caffe-rcnn-action-recognition, where it has no gradient and skips every second place,", "MaskConvolution"),
    ("stephenyan1231/caffe-public", "LSTM2D LSTM_2D GridLSTM3D DimensionTranspose ImageSegUniformSizeData SemanticLabelingData "
     "SpatialProbAggregation ImageEnhancementData ImageEnhancementSquareDiffLoss"),
    ("leon-liangwu/MaskYolo", "DecodeRois MaskBoxData KpsBoxData"),
    ("wk910930/ccnn", "SoftmaxWithCascadeLoss"),
    ("aaalgo/kaggle-driver, which reads data with a library of its own,", "PicPac"),
    ("haochen-rye/LSTD, which never published its source,", "SSLConvolution"),
    ("SeqFace, which never published its source,", "SmoothMarginInnerProduct"),
    ("sunnyxiaohu/caffe-syn, which never published its source,", "BatchOHEM"),
    ("amena6490's fork, which never published its source,", "QuartetLoss"),
    ("LPAIS/HDSR-with-RNN, which never published its source,", "SequenceAccuracy"),
    ("dicecco1/fpga_caffe, where an FPGA computes it,", "HWCN CPFPConversion HalfConversion OCLCR OCLCRHWCN "
     "OCLPoolingHWCN OCLHWCNInnerProduct PipelineConvPool"),
    ("GuanshuoXu's fork for steganalysis, which reads coefficients of JPEG files,", "ImageDataSteganalysisJpegDct "
     "ImageDataSteganalysisSpatial BdctToSpatial FakeEmbedJpeg FakeEmbedSpatial"),
    ("GuanshuoXu's fork for steganalysis, where with `fix: true` it learns by running statistics,", "BNConv"),
    ("t2mhanh/caffe_convLSTM_WTA, which never published its source,", "SpatialConvWta"),
    ("Lyp100208/Caffe_action", "VideoDataRNN VideoDataTest PoolingGT DataOutput FileData LabelConverter SimpleData"),
    ("szymonzareba/perturb_and_map_caffe", "RBMPCD RBMPPM1 DRBMPM1 DRBMMeanField"),
    ("MyCaffe, where a program in C# computes its loss,", "MemoryLoss"),
    ("MyCaffe", "Debug Knn LstmAttention LstmSimple"),
    ("bacTlink/caffe_illu, where it has no gradient,", "PhotonMapping"),
    ("Synopsys' and longriyao's forks, where two solvers take turns and it changes sides in each pass,", "BEGANLoss GANLoss"),
    ("Synopsys' fork, where its sizes are fixed in the source and it prints its numbers,", "Attention LuongAttention"),
    ("Synopsys' fork, where it is an LSTMV2 forwards, backwards or both, whatever its `op` says,", "RNNv2"),
    ("Synopsys' fork", "GRU LSTMV2 PeepholeLSTM"),
]
_FORK_OF_TYPE = {kind: fork for fork, kinds in _TYPES for kind in kinds.split()}


def fork_of_type(kind: str) -> str | None:
    """The fork that has a layer type, if the type is not implemented here."""
    return _FORK_OF_TYPE.get(kind)
