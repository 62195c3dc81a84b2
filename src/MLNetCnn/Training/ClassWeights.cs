using MLNetCnn.Data;

namespace MLNetCnn.Training;

/// <summary>How much an image counts in the training loss, by its class.</summary>
public enum ClassWeights
{
    /// <summary>As much as any other.</summary>
    Equal,

    /// <summary>In inverse proportion to the number of its class's training images, so that every class counts alike (scikit-learn's <c>balanced</c>).</summary>
    Balanced,
}

/// <summary>Computes class weights.</summary>
internal static class ClassWeighting
{
    /// <summary>The weight of each class, float32 <c>[classes]</c> on <paramref name="device"/>, for the caller to dispose; null where all are equal.</summary>
    public static Tensor? Of(ClassWeights kind, ImageSet train, torch.Device device)
    {
        if (kind == ClassWeights.Equal)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var counts = train.ClassCounts();
        // A class without an image has no weight to be asked for, and takes no part: the mean weight of an image is 1.
        var present = counts.Count(count => count > 0);
        return scope.Detach(tensor<float>([.. counts.Select(count => count == 0 ? 0 : (float)train.Count / (present * count))]).to(device));
    }
}
