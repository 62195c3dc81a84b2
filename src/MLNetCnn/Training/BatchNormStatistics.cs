namespace MLNetCnn.Training;

/// <summary>
/// Measures a network's BatchNorm statistics anew, as means over many batches with the weights held still (Wu and Johnson 2021,
/// Rethinking "Batch" in BatchNorm, section 3: PreciseBN). Running statistics lag behind the weights, the more the fewer the steps.
/// </summary>
/// <remarks>All other layers work as in prediction: dropout would change the variances that the next layers see.</remarks>
internal sealed class BatchNormStatistics(Module<Tensor, Tensor> network, int images, Precision precision)
{
    /// <summary>Measures on the first images of an epoch, in whole batches; statistics that training leaves as they are stay so.</summary>
    /// <param name="batches">The training images.</param>
    /// <param name="order">The places of an epoch, in random order: int64 <c>[Count]</c>.</param>
    /// <param name="batchSize">Images per batch.</param>
    public void Measure(IBatches batches, Tensor order, int batchSize)
    {
        var measured = network.modules().OfType<BatchNorm>().Where(norm => norm.training && norm.running_mean is not null).ToList();
        if (measured.Count == 0)
        {
            return;
        }

        var usual = measured.ConvertAll(norm => norm.momentum);
        network.eval();
        measured.ForEach(norm => norm.train());
        using (no_grad())
        {
            var size = Math.Min(batchSize, batches.Count);
            var whole = Math.Max(1, Math.Min(images, batches.Count) / size);
            for (var i = 0; i < whole; i++)
            {
                using var scope = NewDisposeScope();
                measured.ForEach(norm => norm.momentum = 1.0 / (i + 1));
                var batch = batches.Take(order, i * size, size);
                using var cast = precision.Begin(batch.Images.device);
                network.call(batch.Images);
            }
        }

        foreach (var (norm, momentum) in measured.Zip(usual))
        {
            norm.momentum = momentum;
        }

        network.train();
    }
}
