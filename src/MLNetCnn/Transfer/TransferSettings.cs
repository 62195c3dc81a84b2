using MLNetCnn.Training;

using static System.FormattableString;

namespace MLNetCnn.Transfer;

/// <summary>How a pretrained backbone is used: which weights, what is put on it, and how much of it is trained.</summary>
public sealed record TransferSettings
{
    /// <summary>The name of the weights, or a file of weights (.safetensors, .pth); null for the architecture's default ones.</summary>
    public string? Weights { get; init; }

    /// <summary>The classifier on the backbone.</summary>
    public HeadSettings Head { get; init; } = new();

    /// <summary>
    /// The stage or block from which on <see cref="FineTuning.Partial"/> trains the backbone, such as <c>layer4</c>; null for
    /// <see cref="UnfreezeLayers"/> or, without that, the last stage.
    /// </summary>
    public string? UnfreezeFrom { get; init; }

    /// <summary>
    /// How many of the backbone's last layers with weights of their own (BatchNorm counts) <see cref="FineTuning.Partial"/> trains, at least 1:
    /// rounded up to whole blocks, all of them where there are fewer; null for <see cref="UnfreezeFrom"/>.
    /// </summary>
    public int? UnfreezeLayers { get; init; }

    /// <summary>Whether the backbone's BatchNorm layers are trained where it is: their statistics and scales stay as they are otherwise.</summary>
    /// <value>false.</value>
    public bool TrainBatchNorm { get; init; }

    /// <summary>
    /// How many epochs the head is trained alone, on the images as they are, before <see cref="FineTuning.Partial"/> and
    /// <see cref="FineTuning.Full"/> begin, 0 or more.
    /// </summary>
    /// <value>10.</value>
    public int HeadEpoch { get; init; } = 10;

    /// <summary>The learning rate of those epochs, above 0; optimizer, schedule and warm-up are those of the options.</summary>
    /// <value>0.001.</value>
    public double HeadLearningRate { get; init; } = 0.001;

    /// <summary>Whether the backbone is unfrozen stage by stage, the last first, in equal parts of the epochs (Howard and Ruder 2018), and not at once.</summary>
    /// <value>false.</value>
    public bool GradualUnfreezing { get; init; }

    /// <summary>What the learning rate is multiplied by for each stage further from the head, in (0, 1] (discriminative fine-tuning, Howard and Ruder 2018, who take 1 / 2.6).</summary>
    /// <value>1: all alike.</value>
    public double StageLearningRateFactor { get; init; } = 1;

    /// <summary>
    /// How many augmented views of every training image a frozen part is run on and cached, for epoch after epoch to take another, at most 1000; 0
    /// to augment and run it anew in every epoch. Of no effect without augmentation, or where nothing is frozen.
    /// </summary>
    /// <value>4.</value>
    public int AugmentedViews { get; init; } = 4;

    /// <summary>Whether what the frozen part makes of the images is kept on disk, for every epoch, run and process to use.</summary>
    /// <value>true.</value>
    public bool CacheActivations { get; init; } = true;

    /// <summary>
    /// Whether pixels, scaled to [0, 1] as the weights want them, are divided by 255 once more before: a mistake that publications made,
    /// by which the network sees almost black images. For their reruns alone; a model that training goes on from keeps its own preprocessing.
    /// </summary>
    /// <value>false.</value>
    public bool ScalePixelsTwice { get; init; }

    /// <summary>The arithmetic of the frozen part; null for bfloat16 where the device computes with it, and float32 elsewhere.</summary>
    public Precision? FrozenPrecision { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (UnfreezeFrom is not null && UnfreezeLayers is not null)
        {
            yield return $"transfer.unfreezeFrom '{UnfreezeFrom}' and transfer.unfreezeLayers {UnfreezeLayers} both say where to begin: choose one";
        }

        if (UnfreezeLayers is < 1)
        {
            yield return Invariant($"transfer.unfreezeLayers is {UnfreezeLayers}: give 1 or more");
        }

        if (HeadEpoch < 0)
        {
            yield return Invariant($"transfer.headEpoch is {HeadEpoch}: give 0 or more");
        }

        if (!(HeadLearningRate > 0) || !double.IsFinite(HeadLearningRate))
        {
            yield return Invariant($"transfer.headLearningRate is {HeadLearningRate}: give a value above 0, such as 0.001");
        }

        if (StageLearningRateFactor is not (> 0 and <= 1))
        {
            yield return Invariant($"transfer.stageLearningRateFactor is {StageLearningRateFactor}: give a value in (0, 1], such as 0.4");
        }

        if (AugmentedViews is < 0 or > 1000)
        {
            yield return Invariant($"transfer.augmentedViews is {AugmentedViews}: give 0 to 1000");
        }

        foreach (var problem in Head?.Problems() ?? ["transfer.head is null: leave it out for the default"])
        {
            yield return problem;
        }
    }
}
