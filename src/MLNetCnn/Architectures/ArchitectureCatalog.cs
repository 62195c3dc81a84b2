namespace MLNetCnn.Architectures;

/// <summary>A network that can be built by name.</summary>
public sealed record Architecture
{
    internal Architecture(Func<ImageShape, int, SettingValues, Module<Tensor, Tensor>> build) => Build = build;

    internal Architecture(Func<ImageShape, int, SettingValues, Backbone> build) => (Build, IsBackbone) = (build, true);

    /// <summary>Its name, lower case with hyphens, for example <c>resnet-18</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The family, for example <c>ResNet</c>.</summary>
    public required string Family { get; init; }

    /// <summary>One sentence on what it is.</summary>
    public required string Description { get; init; }

    /// <summary>The paper or publication that it comes from.</summary>
    public required string Paper { get; init; }

    /// <summary>Whether it has the form and the weight names of its reference, so that pretrained weights fit and parts can be frozen.</summary>
    public bool IsBackbone { get; }

    /// <summary>The smallest height and width of images that it takes, in pixels.</summary>
    public int MinimumSize { get; init; } = 1;

    /// <summary>The settings it takes.</summary>
    public IReadOnlyList<ArchitectureSetting> Settings { get; init; } = [];

    internal Func<ImageShape, int, SettingValues, Module<Tensor, Tensor>> Build { get; }
}

/// <summary>Every network that can be built by name. All take images <c>[N, C, H, W]</c> and give logits <c>[N, classes]</c>.</summary>
public static class ArchitectureCatalog
{
    /// <summary>The architectures, family by family.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        .. SmallCnns.All, .. PhotoCnns.All, .. Mlp.All, .. LeNet.All, .. AlexNet.All, .. Vgg.All, .. ResNet.All, ResNet9.Architecture, .. ResNetV2.All,
        .. Inception.All, .. InceptionV3.All, .. Xception.All, .. MobileNetV2.All, .. MobileNetV3.All, .. EfficientNet.All, .. ConvNext.All,
    ];

    /// <summary>Whether there is an architecture called <paramref name="name"/>; case, hyphens and underscores don't matter.</summary>
    public static bool Contains(string name) => Find(name) is not null;

    /// <summary>The architecture called <paramref name="name"/>; case, hyphens and underscores don't matter.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static Architecture Get(string name) => Find(name) ?? throw new ConfigurationException(UnknownMessage(name));

    /// <summary>The name of the architecture that <paramref name="name"/> means: <c>resnet-50</c> for <c>ResNet50</c>; as it is where there is none.</summary>
    public static string Canonical(string name) => Find(name)?.Name ?? name;

    /// <summary>What to tell a user who asked for the unknown architecture <paramref name="name"/>: close names, and how to list all.</summary>
    public static string UnknownMessage(string name)
    {
        var known = All.Select(architecture => architecture.Name);
        var hint = CloseMatches.Hint(name, known);
        return $"there is no architecture '{name}'{(hint.Length == 0 ? ";" : hint)} 'mlnetcnn inspect' lists all {All.Count}";
    }

    /// <summary>Builds a network with initial weights from the current seed, on the processor, in training mode.</summary>
    /// <param name="name">The architecture's name.</param>
    /// <param name="input">The size of the images.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="settings">Its settings; null for the defaults.</param>
    /// <exception cref="ConfigurationException">Name, size, classes or settings are wrong; it lists every problem.</exception>
    public static Module<Tensor, Tensor> Create(string name, ImageShape input, int classes, ArchitectureSettings? settings = null)
    {
        ConfigurationException.ThrowIfAny(Problems(name, input, classes, settings));
        var architecture = Get(name);
        return architecture.Build(input, classes, SettingValues.Read(architecture, settings ?? ArchitectureSettings.Empty, []));
    }

    /// <summary>Builds the backbone of a network alone, with initial weights from the current seed, on the processor, in training mode.</summary>
    /// <param name="name">The name of an architecture that <see cref="Architecture.IsBackbone"/>.</param>
    /// <param name="input">The size of the images.</param>
    /// <param name="settings">Its settings; null for the defaults.</param>
    /// <exception cref="ConfigurationException">Name, size or settings are wrong; it lists every problem.</exception>
    internal static Backbone CreateBackbone(string name, ImageShape input, ArchitectureSettings? settings = null)
    {
        var problems = Problems(name, input, classes: null, settings);
        if (Find(name) is { IsBackbone: false })
        {
            problems = [.. problems, $"{name} is no backbone: these are {string.Join(", ", All.Where(architecture => architecture.IsBackbone).Select(architecture => architecture.Name))}"];
        }

        ConfigurationException.ThrowIfAny(problems);
        var architecture = Get(name);
        return (Backbone)architecture.Build(input, 0, SettingValues.Read(architecture, settings ?? ArchitectureSettings.Empty, []));
    }

    /// <summary>Why a network cannot be built so, one sentence each; what is null is not known yet and not checked.</summary>
    internal static IReadOnlyList<string> Problems(string name, ImageShape? input, int? classes, ArchitectureSettings? settings)
    {
        if (!Contains(name))
        {
            return [UnknownMessage(name)];
        }

        var architecture = Get(name);
        var problems = new List<string>();
        if (input?.Channels is not (null or 1 or 3))
        {
            problems.Add($"images have {input.Channels} channels: networks take 1 (grey) or 3 (RGB)");
        }

        if (input is not null && Math.Min(input.Height, input.Width) < architecture.MinimumSize)
        {
            problems.Add($"images are {input}: {architecture.Name} takes at least {architecture.MinimumSize}×{architecture.MinimumSize} pixels");
        }

        if (classes < 2)
        {
            problems.Add($"there are {classes} classes: a network takes at least 2");
        }

        SettingValues.Read(architecture, settings ?? ArchitectureSettings.Empty, problems);
        return problems;
    }

    private static Architecture? Find(string name)
    {
        var key = Key(name);
        return All.FirstOrDefault(architecture => Key(architecture.Name) == key);
    }

    private static string Key(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
