// Runs each simulation of standard input, one a line as JSON, and writes its outcome as one line.
// The package is used as it is published, by the functions that its README names.
import { createInterface } from 'node:readline'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

let out = []
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const simulation = JSON.parse(line)
  if (simulation.request.principal === '*') {
    simulation.request.principal = anonymousPrincipal
  }
  let result
  try {
    const answer = await runSimulation(simulation, {})
    result = answer.overallResult ?? 'error: ' + answer.errors.message
  } catch (error) {
    result = 'error: ' + String(error.message).split('\n')[0]
  }
  out.push(result)
  if (out.length === 500) {
    process.stdout.write(out.join('\n') + '\n')
    out = []
  }
}
if (out.length > 0) {
  process.stdout.write(out.join('\n') + '\n')
}
