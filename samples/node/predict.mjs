// unzip model.zip model.onnx model.json
// node predict.mjs model.onnx model.json photo.jpg
import { readFile } from 'node:fs/promises';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const [model, metadata, photo] = process.argv.slice(2);
const { labels, preprocessing } = JSON.parse(await readFile(metadata, 'utf8'));

// Pixels as they are: resizing, normalisation and softmax are inside the graph.
const image = sharp(photo).rotate().removeAlpha().toColourspace(preprocessing.channels === 1 ? 'b-w' : 'srgb');
const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });

const session = await ort.InferenceSession.create(model);
const input = new ort.Tensor('uint8', data, [1, info.height, info.width, info.channels]);
const { [session.outputNames[0]]: output } = await session.run({ image: input });
console.log(JSON.stringify(Object.fromEntries(labels.map((label, i) => [label, output.data[i]]))));
