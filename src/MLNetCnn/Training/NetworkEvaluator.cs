namespace MLNetCnn.Training;

/// <summary>Runs a network over a split without training it.</summary>
internal sealed class NetworkEvaluator(Module<Tensor, Tensor> network, int classes, int batchSize, Func<Tensor, Tensor, Tensor> loss, Precision precision)
{
    // Weights that are broken are so for any image.
    private const int Few = 16;

    /// <summary>The number of classes.</summary>
    public int Classes => classes;

    /// <summary>Mean loss and top-1 accuracy.</summary>
    public sealed record Result(double Loss, double Accuracy);

    /// <summary>Loss and accuracy over all of <paramref name="batches"/>.</summary>
    public Result Evaluate(IBatches batches)
    {
        double lossSum = 0;
        long correct = 0;
        ForEachBatch(batches, (logits, labels, _) =>
        {
            lossSum += loss(logits, labels).ToDouble() * labels.shape[0];
            correct += logits.argmax(1).eq(labels).sum().ToInt64();
        });
        return new Result(lossSum / batches.Count, (double)correct / batches.Count);
    }

    /// <summary>The probabilities of every image, in the split's order: row-major <c>[N, classes]</c>.</summary>
    public float[] Probabilities(IBatches batches)
    {
        var result = new float[(long)batches.Count * classes];
        ForEachBatch(batches, (logits, _, start) =>
        {
            var rows = logits.softmax(1).cpu().contiguous();
            rows.data<float>().AsSpan().CopyTo(result.AsSpan(start * classes));
        });
        return result;
    }

    /// <summary>Whether some images get scores that are numbers. The losses of a training's batches are those before their steps: of what the last one left, nothing but this or a validation tells.</summary>
    /// <param name="batches">The images.</param>
    /// <param name="order">An order of them.</param>
    public bool GivesNumbers(IBatches batches, Tensor order)
    {
        var finite = true;
        ForEachBatch(batches, order, Math.Min(Few, batches.Count), (logits, _, _) => finite &= logits.isfinite().all().ToBoolean());
        return finite;
    }

    private void ForEachBatch(IBatches batches, Action<Tensor, Tensor, int> visit)
    {
        using var order = batches.InOrder();
        ForEachBatch(batches, order, batches.Count, visit);
    }

    private void ForEachBatch(IBatches batches, Tensor order, int count, Action<Tensor, Tensor, int> visit)
    {
        var wasTraining = network.training;
        network.eval();
        using (no_grad())
        {
            for (var start = 0; start < count; start += batchSize)
            {
                using var scope = NewDisposeScope();
                var (images, labels, _) = batches.Take(order, start, Math.Min(batchSize, count - start));
                using var cast = precision.Begin(images.device);
                visit(network.call(images).to(ScalarType.Float32), labels, start);
            }
        }

        network.train(wasTraining);
    }
}
