using MLNetCnn.Imaging;
using MLNetCnn.Inference.Pooling;

namespace MLNetCnn.Inference;

/// <summary>
/// Predicts from one object into another, as ML.NET's engine of the same name, but may be used by several threads at once.
/// </summary>
/// <typeparam name="TData">
/// Holds the image in a public property or field named <c>Image</c>, <c>ImageSource</c> or <c>ImagePath</c> (the first of them
/// that there is), of type <c>byte[]</c> (an encoded image), <see cref="string"/> (a path), <see cref="MLImage"/> or
/// <see cref="Stream"/>. Other members are ignored.
/// </typeparam>
/// <typeparam name="TPrediction">
/// Takes, in settable public properties or fields, any of <c>PredictedLabel</c> (<see cref="string"/>), <c>ModelVersion</c>
/// (<see cref="string"/>, <see cref="ImageModel.Version"/>), <c>Probability</c>
/// (<see cref="float"/>, of that label), <c>Score</c> (<c>float[]</c>, in the order of the labels) and <c>Scores</c>
/// (<c>IReadOnlyDictionary&lt;string, float&gt;</c>, by label). Other members are ignored. A <c>[ColumnName]</c> attribute, as
/// ML.NET has it, names a member otherwise, here and in <typeparamref name="TData"/>.
/// </typeparam>
public sealed class PredictionEngine<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private static readonly Lazy<PredictionColumns<TData, TPrediction>> SharedColumns = new(() => new(), LazyThreadSafetyMode.PublicationOnly);

    private readonly ImageModel _model;

    /// <summary>An engine over <paramref name="model"/>, which stays the caller's to dispose.</summary>
    /// <exception cref="InvalidOperationException">A type's members don't fit; the message says what is missing and what is allowed.</exception>
    public PredictionEngine(ImageModel model)
    {
        _model = model;
        _ = Columns;
    }

    internal PredictionEngine(ModelLease lease)
        : this(lease.Model) => Lease = lease;

    /// <summary>How the image gets out of a <typeparamref name="TData"/> and the answer into a <typeparamref name="TPrediction"/>.</summary>
    internal static PredictionColumns<TData, TPrediction> Columns => SharedColumns.Value;

    /// <summary>What a pool's engine holds its model by.</summary>
    internal ModelLease? Lease { get; }

    /// <summary>Predicts the class of the image in <paramref name="example"/>.</summary>
    /// <exception cref="ArgumentException">The image is null.</exception>
    /// <exception cref="ImageFormatException">The image can't be read.</exception>
    public TPrediction Predict(TData example)
    {
        var prediction = new TPrediction();
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>Predicts the class of the image in <paramref name="example"/> into an object that there is already.</summary>
    /// <exception cref="ArgumentException">The image is null.</exception>
    /// <exception cref="ImageFormatException">The image can't be read.</exception>
    public void Predict(TData example, ref TPrediction prediction) =>
        Columns.Write(prediction, _model.Predict(Columns.ReadImage(example, _model.Channels)));
}
